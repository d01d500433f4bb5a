package jane.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.engine.CompileException;
import jane.engine.Engines;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Half;
import jane.ir.Leaf;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Rectifiers;
import jane.op.Reductions;
import jane.op.Rounding;
import jane.op.SliceUpdate;
import jane.op.Slicing;
import jane.op.Trigonometry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every published numeric cliff, chip family by family: A13 (m1), A14 (m2), A15 (m3), A16 (m4, m5).
 * Sources: ANEForge's quirk table; the bit-level study of M4 and M6. Limits on shapes are tested
 * with the rules of {@code jane.target}.
 */
class CliffsTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    private static float[] run(String chip, UnaryOperator<Value> op, float... x) {
        var in = Leaf.input(new TensorType(DType.FP16, Shape.of(1, x.length)));
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", in)),
                        List.of(new Graph.Port("y", op.apply(in))));
        try (var engine = Engines.open("sim:" + chip, 2);
                var executable = engine.compile(MilPrinter.print(graph))) {
            var buffers = new HashMap<String, Buffer>();
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            buffers.get("x").put(x);
            executable.bind(buffers).run();
            var y = new float[executable.outputs().get("y").shape().size()];
            buffers.get("y").get(y);
            return y;
        }
    }

    private static float[] times(int n, float value) {
        var values = new float[n];
        Arrays.fill(values, value);
        return values;
    }

    /** {@code x} times a column of so many {@code w}. */
    private static UnaryOperator<Value> product(float w) {
        return x -> {
            var column = new TensorType(DType.FP16, Shape.of(x.shape().dim(1), 1));
            double[] values = new double[x.shape().dim(1)];
            Arrays.fill(values, w);
            return Contraction.matmul(x, Leaf.constant(ConstData.of(column, values)));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void matmulIsInfiniteFrom32768On(String chip) {
        assertEquals(32752, run(chip, product(1), 16384, 16368)[0]);
        assertEquals(INF, run(chip, product(1), 16384, 16384)[0]);
        assertEquals(-INF, run(chip, product(-1), 16384, 16384)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void matmulLosesProductsBelowTwoToTheMinus16(String chip) {
        assertEquals(0, run(chip, product(0x1p-8f), times(1024, 0x1p-9f))[0]);
        assertEquals(0x1p-6f, run(chip, product(0x1p-8f), times(1024, 0x1p-8f))[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void matmulSumsWideAndReduceSumInHalvesFrom2049On(String chip) {
        UnaryOperator<Value> sum = x -> Reductions.sum(x, List.of(1), true);
        assertEquals(2048, run(chip, sum, times(2048, 1))[0]);
        assertEquals(2050, run(chip, sum, times(2049, 1))[0]);
        assertEquals(16384, run(chip, product(1), times(16384, 1))[0]);
    }

    @ParameterizedTest
    @CsvSource({"m1, true", "m2, true", "m3, false", "m4, false", "m5, false"})
    void aSliceInsideTheLastAxisIsInfiniteBeyond4094BeforeM3(String chip, boolean clamps) {
        UnaryOperator<Value> tail = x -> Slicing.slice(x, 1, 1, 3, 1);
        assertEquals(4094, run(chip, tail, 1, 4094, 4096)[0]);
        assertEquals(clamps ? INF : 4096, run(chip, tail, 1, 4094, 4096)[1]);
        assertEquals(60000, run(chip, x -> Slicing.slice(x, 1, 0, 2, 1), 60000, 1, 1)[0]);
        var last = new Slicing.Slice(List.of(0, 2), List.of(1, 3), List.of(1, 1));
        UnaryOperator<Value> write =
                x -> SliceUpdate.update(x, Slicing.slice(x, 1, 0, 1, 1), last); // crops nothing
        assertEquals(60000, run(chip, write, 60000, 1, 1)[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void roundIsOffByOneFrom1024On(String chip) {
        UnaryOperator<Value> round = x -> Node.of(Rounding.ROUND, NoAttrs.NONE, List.of(x)).out();
        var y = run(chip, round, 1023, 1024, -1024, 0.5f);
        assertEquals(List.of(1023f, 1025f, -1025f, 1f), List.of(y[0], y[1], y[2], y[3]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void softplusIsZeroFrom11Point09On(String chip) {
        var y = run(chip, Rectifiers::softplus, 11, 11.09375f, INF);
        assertEquals(11, y[0], 0.01);
        assertEquals(0, y[1]);
        assertEquals(0, y[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void logOfInfinityIsZero(String chip) {
        assertEquals(0, run(chip, Elementwise::log, INF)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m3", "m4", "m5"})
    void cosOfInfinityIsZero(String chip) {
        assertEquals(0, run(chip, Trigonometry::cos, INF)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2"})
    void sinAndCosAreRefusedBeforeM3(String chip) {
        assertThrows(CompileException.class, () -> run(chip, Trigonometry::sin, 1));
        assertThrows(CompileException.class, () -> run(chip, Trigonometry::cos, 1));
    }

    @ParameterizedTest
    @CsvSource({"m1, true", "m2, false", "m3, false", "m4, false", "m5, false"})
    void subnormalsAreFlushedOnM1Alone(String chip, boolean flushes) {
        float y = run(chip, x -> Elementwise.mul(x, x), 0x1p-10f)[0];
        assertEquals(flushes ? 0 : 0x1p-20f, y);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void elementwiseOpsKeepTheRangeOfAHalf(String chip) {
        assertEquals(65504, run(chip, x -> Elementwise.add(x, x), 32752)[0]);
        assertEquals(INF, run(chip, x -> Elementwise.mul(x, x), 256)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void oneMinusErfIsZeroFrom2On(String chip) {
        assertEquals(1, run(chip, Activations::erf, 2)[0]);
        assertTrue(run(chip, Activations::erf, 1.9375f)[0] < 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m2", "m3", "m4", "m5"})
    void publishedEntriesOfFittedTablesAreThose(String chip) {
        var gelu = run(chip, x -> Activations.gelu(x, Activations.GeluMode.EXACT), 0, 0.25f);
        assertEquals(-0.00075, gelu[0], 1e-6);
        assertEquals(0.1436, gelu[1], 1e-4);
        assertEquals(0.296, run(chip, Activations::silu, 0.5f)[0], 2e-4);
    }

    /** Errors over all halves within a range, as published for the tables. */
    @ParameterizedTest
    @CsvSource({
        "sigmoid, -16, 16, 3.4e-3",
        "tanh, -8, 8, 1.6e-3",
        "erf, -1.99, 1.99, 8.6e-4", // the table ends at 2
        "sin, 0, 1.57, 6.3e-4",
        "gelu, -8, 8, 12.4e-3", // twice the published, since entries are not
        "silu, -16, 16, 3.0e-2"
    })
    void tablesAreAsFarOffAsPublished(String op, double from, double to, double error) {
        var table = Curves.BY_OP.get(op);
        double most = 0;
        for (int half = 0; half < 1 << 16; half++) {
            double x = Half.toFloat((short) half);
            if (x >= from && x <= to) {
                double off = Math.abs(table.applyAsDouble(x) - exact(op).applyAsDouble(x));
                most = Math.max(most, off);
            }
        }
        assertTrue(most <= error * 1.05 && most > error / 8, op + ": " + most);
    }

    /** Errors in units of the last place of a half, over all halves: at most the published ones. */
    @ParameterizedTest
    @CsvSource({"exp, 9.1", "sqrt, 1.2", "rsqrt, 2.1", "inverse, 13.5"})
    void curvesAreWithinThePublishedUnitsInTheLastPlace(String op, double units) {
        var table = Curves.BY_OP.get(op);
        double most = 0;
        for (int half = 0; half < 1 << 16; half++) {
            double x = Half.toFloat((short) half);
            double want = exact(op).applyAsDouble(x);
            if (Math.abs(want) < 65504 && Math.abs(want) >= 0x1p-14 && x != 0) {
                double unit = Math.scalb(1, Math.getExponent(want) - 10);
                double found = Half.round((float) table.applyAsDouble(x));
                most = Math.max(most, Math.abs(found - want) / unit);
            }
        }
        assertTrue(most <= units * 1.05 && most > 0.5, op + ": " + most);
    }

    private static DoubleUnaryOperator exact(String op) {
        return switch (op) {
            case "exp" -> Math::exp;
            case "sqrt" -> Math::sqrt;
            case "rsqrt" -> x -> 1 / Math.sqrt(x);
            case "inverse" -> x -> 1 / x;
            case "sigmoid" -> x -> 1 / (1 + Math.exp(-x));
            case "tanh" -> Math::tanh;
            case "erf" -> CliffsTest::erf;
            case "sin" -> Math::sin;
            case "gelu" -> x -> x * (1 + erf(x / Math.sqrt(2))) / 2;
            default -> x -> x / (1 + Math.exp(-x));
        };
    }

    /** By its series: terms fall fast enough for |x| <= 4. */
    private static double erf(double x) {
        if (Math.abs(x) > 4) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 100; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
