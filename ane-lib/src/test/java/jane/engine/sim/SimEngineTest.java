package jane.engine.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Half;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Convolution.Conv;
import jane.op.Elementwise;
import jane.op.Reductions;
import jane.op.Rounding;
import jane.target.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimEngineTest {
    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP16, Shape.of(dims)));
    }

    private static Program program(Value y, Value... inputs) {
        var ports = new ArrayList<Graph.Port>();
        for (int i = 0; i < inputs.length; i++) {
            ports.add(new Graph.Port("x" + i, inputs[i]));
        }
        return MilPrinter.print(Graph.of(ports, List.of(new Graph.Port("y", y))));
    }

    private static float[] run(Engine engine, Program program, float[]... inputs) {
        try (var executable = engine.compile(program)) {
            var buffers = new HashMap<String, Buffer>();
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            for (int i = 0; i < inputs.length; i++) {
                buffers.get("x" + i).put(inputs[i]);
            }
            executable.bind(buffers).run();
            var y = new float[executable.outputs().get("y").shape().size()];
            buffers.get("y").get(y);
            return y;
        }
    }

    private static float[] sim(String target, Program program, float[]... inputs) {
        try (var engine = Engines.open("sim:" + target, 2)) {
            return run(engine, program, inputs);
        }
    }

    private static float[] constant(int n, float value) {
        var values = new float[n];
        Arrays.fill(values, value);
        return values;
    }

    private static float[] halves(int n, Random random, double scale) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Half.round((float) (random.nextGaussian() * scale));
        }
        return values;
    }

    @Test
    void aProductWithAVectorIsThatOfMatrices() {
        var random = new Random(5);
        var a = halves(16 * 64, random, 1);
        var b = halves(64, random, 1);
        var m = input(16, 64);
        var v = input(64);
        var column = input(64, 1);
        var vector = program(Contraction.matmul(m, v), m, v);
        var matrix = program(Contraction.matmul(m, column), m, column);
        var left = program(Contraction.matmul(v, m, false, true), v, m);
        for (var target : List.of("m1", "m5", "m5:fast")) {
            var expected = sim(target, matrix, a, b);
            assertArrayEquals(expected, sim(target, vector, a, b), target);
            assertArrayEquals(expected, sim(target, left, b, a), target);
        }
    }

    @Test
    void aProductLosesWhatFixedPointCannotHold() {
        var x = input(1, 64);
        var w = input(64, 1);
        var program = program(Contraction.matmul(x, w), x, w);
        float small = 0x1p-9f;
        assertEquals(0, sim("m5", program, constant(64, small), constant(64, small))[0]);
        assertEquals(
                64 * small * small,
                sim("m5:fast", program, constant(64, small), constant(64, small))[0]);
        assertEquals(
                Float.POSITIVE_INFINITY,
                sim("m5", program, constant(64, 32), constant(64, 16))[0]); // 32768
    }

    @Test
    void aSumIsMadeOfHalvesAndAProductIsNot() {
        var x = input(1, 2049);
        var sum = program(Reductions.sum(x, List.of(1), true), x);
        assertEquals(2050, sim("m5", sum, constant(2049, 1))[0]);
        var long16k = input(1, 16384);
        var ones = input(16384, 1);
        var product = program(Contraction.matmul(long16k, ones), long16k, ones);
        assertEquals(16384, sim("m5", product, constant(16384, 1), constant(16384, 1))[0]);
    }

    @Test
    void convolutionsAreTheRuleOverTheirWindows() {
        // Integers: exact in any arithmetic, so that the cpu engine is the reference.
        var random = new Random(4);
        try (Engine cpu = new CpuEngine(1);
                Engine sim = new SimEngine(Target.named("m2"), SimEngine.Mode.EXACT, 2)) {
            for (int i = 0; i < 12; i++) {
                int groups = 1 + random.nextInt(2);
                int stride = 1 + random.nextInt(2);
                int dilation = 1 + random.nextInt(2);
                int pad = random.nextInt(3);
                var x = input(1, 2 * groups, 9, 8);
                boolean back = i % 2 == 1;
                var w = back ? input(2 * groups, 3, 3, 2) : input(3 * groups, 2, 3, 2);
                var a = Conv.of(stride, pad, dilation, groups);
                var y = back ? Convolution.convTranspose(x, w, a) : Convolution.conv(x, w, a);
                var program = program(y, x, w);
                var xs = integers(x.shape().size(), random);
                var ws = integers(w.shape().size(), random);
                assertArrayEquals(
                        run(cpu, program, xs, ws), run(sim, program, xs, ws), "seed 4, run " + i);
            }
        }
    }

    @Test
    void productsWithoutElementsAreEmpty() {
        var none = input(0, 4, 3, 5);
        var w = input(4, 2, 2, 2);
        var groups = Conv.of(1, 0, 1, 2);
        var back = program(Convolution.convTranspose(none, w, groups), none, w);
        assertEquals(0, sim("m2", back, new float[0], constant(32, 1)).length);
        var forth = program(Convolution.conv(none, w, groups), none, w);
        assertEquals(0, sim("m2", forth, new float[0], constant(32, 1)).length);
        var x = input(3, 2);
        var wide = input(2, 0);
        var product = program(Contraction.matmul(x, wide), x, wide);
        assertEquals(0, sim("m2", product, constant(6, 1), new float[0]).length);
    }

    private static float[] integers(int n, Random random) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(9) - 4;
        }
        return values;
    }

    @Test
    void fastAndExactAgreeWhereNumbersAreOfOrdinarySize() {
        var random = new Random(9);
        var x = input(1, 32, 64);
        var w = input(1, 64, 48);
        var program = program(Activations.relu(Contraction.matmul(x, w)), x, w);
        var xs = halves(32 * 64, random, 1);
        var ws = halves(64 * 48, random, 0.2);
        assertArrayEquals(sim("m5:fast", program, xs, ws), sim("m5", program, xs, ws), 0.01f);
    }

    @Test
    void activationsComeFromTables() {
        var x = input(1, 4);
        float[] at = {0.25f, 0.3f, 7.9f, 9};
        var sigmoid = sim("m5", program(Activations.sigmoid(x), x), at);
        // 0.25 lies halfway between two entries, 0.5 apart
        double half = (0.5 + HalfAway.round((float) (1 / (1 + Math.exp(-0.5))))) / 2;
        assertEquals(HalfAway.round((float) half), sigmoid[0]);
        for (int i = 0; i < 4; i++) {
            assertEquals(1 / (1 + Math.exp(-at[i])), sigmoid[i], 3.4e-3); // as published
        }
        assertEquals(sigmoid[3], sim("m5", program(Activations.sigmoid(x), x), at)[2], 1e-3);
    }

    @Test
    void roundIsOffByOneFrom1024On() {
        var x = input(1, 4);
        var round = Node.of(Rounding.ROUND, NoAttrs.NONE, List.of(x)).out();
        var y = sim("m5:exact", program(round, x), new float[] {1023, 1024, 2.5f, -2.5f});
        assertArrayEquals(new float[] {1023, 1025, 3, -3}, y);
    }

    @Test
    void m1FlushesSubnormalsAndM5KeepsThem() {
        var x = input(1, 1);
        var program = program(Elementwise.mul(x, x), x);
        float[] tiny = {0x1p-10f};
        assertEquals(0, sim("m1", program, tiny)[0]);
        assertEquals(0x1p-20f, sim("m5", program, tiny)[0]);
    }

    @Test
    void aBrokenRuleIsTheChipsErrorAndOurs() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(1, 1, 1, 1, 1, 2)));
        var program = program(Elementwise.exp(x), x);
        var e = assertThrows(CompileException.class, () -> sim("m5", program, new float[2]));
        assertTrue(
                e.getMessage().startsWith("[sim:m5] _ANECompiler : ANECCompile() FAILED"),
                e.getMessage());
        assertTrue(e.violations().stream().allMatch(v -> v.rule().startsWith("ANE-")));
    }

    @Test
    void residentProgramsAreCounted() {
        var x = input(1, 64);
        var program = program(Elementwise.exp(x), x);
        try (var engine = new SimEngine(Target.named("m5"), SimEngine.Mode.FAST, 1)) {
            var one = engine.compile(program);
            var two = engine.compile(program);
            assertEquals(2, engine.resident());
            one.close();
            one.close();
            assertEquals(1, engine.resident());
            two.close();
            assertEquals(2, engine.compiled());
        }
    }

    @Test
    void namesSayTargetAndMode() {
        try (var engine = Engines.open("sim:m2-pro:fast", 1)) {
            assertEquals("sim:m2-pro:fast", engine.name());
            assertEquals(DType.FP16, engine.precision());
        }
        var e = assertThrows(JaneException.class, () -> Engines.open("sim:m5:quick", 1));
        assertEquals("[sim] mode 'quick' of sim:m5:quick; need exact or fast", e.getMessage());
        assertThrows(JaneException.class, () -> Engines.open("sim:m99", 1));
        assertTrue(Engines.names().containsAll(List.of("cpu", "sim:m5", "sim:strict")));
    }
}
