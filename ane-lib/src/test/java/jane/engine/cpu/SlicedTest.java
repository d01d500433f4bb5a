package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.compile.Lowering;
import jane.engine.Engine;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.Program;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.zoo.TransformerBlock;
import jane.zoo.TransformerBlock.Size;
import jane.zoo.TransformerBlock.Style;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kernels that go through the heads one by one compute what they compute one after the other. */
final class SlicedTest {
    private static final int HEADS = 16;
    private static final int SIDE = 128; // a float for each pair of each head: a megabyte
    private static final long SEED = 20261127;
    private static final Engine TWO = new CpuEngine(2);

    /** Too many threads for so few slices: they run one kernel after the other. */
    private static final Engine NINE = new CpuEngine(9);

    private final Value x = Leaf.input(TensorType.fp32(4, 4, SIDE, SIDE));
    private final Value w = Leaf.input(TensorType.fp32(4, 4, SIDE, SIDE));

    @BeforeAll
    static void needsNativeKernels() {
        var kernels = InstalledKernels.get();
        Assumptions.assumeTrue(kernels instanceof NativeKernels, kernels.description());
        Assumptions.assumeTrue(((NativeKernels) kernels).hasBlas(), kernels.description());
    }

    @AfterAll
    static void close() {
        List.of(TWO, NINE).forEach(Engine::close);
    }

    @Test
    void attentionIsOneKernelForwardAndOneBackward() {
        var block = new TransformerBlock(new Size(2, SIDE, 64, 8, 32), Style.PLAIN).graph();
        var program = Lowering.program(block, Map.of());
        var sliced = sliced(program);
        assertEquals(2, sliced.size(), sliced::toString);
        assertTrue(sliced.get(0).contains("softmax"), sliced::toString);
        assertEquals(4, sliced.get(1).split("matmul", -1).length - 1, sliced::toString);
        assertSame(program);
    }

    @Test
    void whatIsReadAcrossSlicesComesFromAKernelThatHasEnded() {
        var first = Contraction.matmul(x, w);
        var across = Movement.transpose(first, List.of(1, 0, 2, 3));
        var program =
                program(Contraction.matmul(across, Movement.transpose(w, List.of(1, 0, 2, 3))));
        assertEquals(List.of(), sliced(program));
        assertSame(program);
    }

    @Test
    void aSliceMayBeReadInAnotherOrder() {
        var first = Activations.softmax(Contraction.matmul(x, w), -1);
        var program =
                program(Contraction.matmul(w, Movement.transpose(first, List.of(0, 1, 3, 2))));
        assertEquals(1, sliced(program).size());
        assertSame(program);
    }

    @Test
    void aResultInTheBufferOfAnOperandIsWrittenAfterAllHaveReadIt() {
        var first = Contraction.matmul(Movement.transpose(x, List.of(1, 0, 2, 3)), w);
        var second = Contraction.matmul(first, w);
        var program = program(second).withAliases(Map.of("y", "x"));
        assertEquals(List.of(), sliced(program));
        assertArrayEquals(
                Runs.run(TWO, program(second), feeds(program(second))).get("y").data(),
                aliased(program));
    }

    @Test
    void smallProductsAreLeftAsTheyAre() {
        var a = Leaf.input(TensorType.fp32(HEADS, 8, 64));
        var b = Leaf.input(TensorType.fp32(HEADS, 64, 64));
        var y = Contraction.matmul(Elementwise.exp(Contraction.matmul(a, b)), b);
        assertEquals(List.of(), sliced(Runs.program(graph(y, a, b))));
    }

    @Test
    void slicesAreTheSameOnlyWithTheSameCellsInEach() {
        var v = View.dense(Storage.scratch(0, TensorType.fp32(2, 3, 4, 5)));
        assertTrue(v.sameSlices(v.swapLast(), 6));
        assertTrue(v.sameSlices(v, 2));
        assertTrue(v.sameSlices(v.reshape(1, 2, 3, 4, 5).orElseThrow(), 6));
        assertFalse(v.sameSlices(v, 4), "no axes make four");
        assertFalse(v.sameSlices(v.transpose(1, 0, 2, 3), 6), "other cells first");
        assertFalse(v.sameSlices(v.slice(3, 1, 4, 1), 6), "other cells");
        assertFalse(v.sameSlices(v.slice(3, 0, 4, 1), 6), "fewer cells");
        var other = View.dense(Storage.scratch(1, TensorType.fp32(2, 3, 4, 5)));
        assertFalse(v.sameSlices(other, 6), "another storage");
    }

    private Program program(Value y) {
        return Runs.program(graph(y, x, w));
    }

    private static Graph graph(Value y, Value x, Value w) {
        return Graph.of(
                List.of(new Graph.Port("x", x), new Graph.Port("w", w)),
                List.of(new Graph.Port("y", y)));
    }

    private static List<String> sliced(Program program) {
        try (var executable = TWO.compile(program)) {
            return executable.plan().stream().filter(line -> line.contains(" slices")).toList();
        }
    }

    private static Map<String, Dense> feeds(Program program) {
        var random = new Random(SEED);
        var feeds = new HashMap<String, Dense>();
        try (var executable = TWO.compile(program)) {
            executable
                    .inputs()
                    .forEach(
                            (name, type) -> {
                                int size = type.shape().size();
                                feeds.put(
                                        name,
                                        Dense.of(type, random.doubles(size, -0.3, 0.3).toArray()));
                            });
        }
        return feeds;
    }

    private static double[] aliased(Program program) {
        var feeds = feeds(program);
        try (var executable = TWO.compile(program)) {
            var buffers = Runs.buffers(TWO, executable.inputs());
            buffers.put("y", buffers.get("x"));
            feeds.forEach((name, values) -> buffers.get(name).put(values));
            executable.bind(buffers).run();
            return buffers.get("y").dense().data();
        }
    }

    /** Bit for bit, slice by slice and kernel by kernel. */
    private static void assertSame(Program program) {
        var feeds = feeds(program);
        var expected = Runs.run(NINE, program, feeds);
        Runs.run(TWO, program, feeds)
                .forEach((n, y) -> assertArrayEquals(expected.get(n).data(), y.data(), n));
    }
}
