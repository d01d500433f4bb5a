package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.compile.Lowering;
import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.Dense;
import jane.mil.Program;
import jane.zoo.TransformerBlock;
import jane.zoo.TransformerBlock.Size;
import jane.zoo.TransformerBlock.Style;
import jane.zoo.TransformerBlock.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transformer block, forward and backward, in the ways in which programs write it. */
final class BlockPlanTest {
    private static final Size SIZE = new Size(2, 24, 32, 4, 48);
    private static final long SEED = 11;
    private static final Engine ONE = new CpuEngine(1);
    private static final Engine THREE = new CpuEngine(3);
    private static final Engine JAVA = new CpuEngine(2, new JavaKernels("Java kernels"));

    @AfterAll
    static void close() {
        List.of(ONE, THREE, JAVA).forEach(Engine::close);
    }

    static Stream<Style> styles() {
        var sdpa = new Style(Weights.LINEAR, true, false, true, DType.FP32);
        var small = new Style(Weights.IN_OUT, false, true, false, DType.FP32);
        return Stream.of(Style.PLAIN, Style.PLAIN.with(Weights.IN_OUT), sdpa, small);
    }

    private static Program program(Style style) {
        return Lowering.program(new TransformerBlock(SIZE, style).graph(), Map.of());
    }

    private static List<String> plan(Style style) {
        try (var executable = THREE.compile(program(style))) {
            return executable.plan();
        }
    }

    private static Map<String, Dense> feeds(Program program) {
        var random = new Random(SEED);
        var feeds = new HashMap<String, Dense>();
        try (var executable = ONE.compile(program)) {
            executable
                    .inputs()
                    .forEach(
                            (name, type) -> {
                                int size = type.shape().size();
                                double most = type.shape().rank() == 3 ? 1 : 0.3; // as trained
                                var values = random.doubles(size, -most, most).toArray();
                                feeds.put(name, Dense.of(type, values));
                            });
        }
        return feeds;
    }

    @ParameterizedTest
    @MethodSource("styles")
    void transposesSlicesAndReshapesAreStridesOfTheProductsThatReadThem(Style style) {
        var plan = plan(style);
        assertEquals(
                List.of(),
                plan.stream().filter(line -> line.startsWith("copy")).toList(),
                "copies");
        assertEquals(27, plan.stream().filter(line -> line.startsWith("matmul")).count());
        assertEquals(1, plan.stream().filter(line -> line.contains("softmax")).count());
        assertTrue(plan.stream().noneMatch(line -> line.startsWith("reference")), plan::toString);
    }

    @Test
    void joinedHeadsAreWrittenWhereTheNextProductReadsThem() {
        var heads = "tensor<fp32, [2, 4, 24, 8]> strides [768, 8, 32, 1]"; // of [2, 24, 4, 8]
        var plan = plan(Style.PLAIN);
        assertEquals(4, plan.stream().filter(line -> line.endsWith(heads)).count(), plan::toString);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void nativeAndJavaKernelsAgree(Style style) {
        var program = program(style);
        var feeds = feeds(program);
        var expected = Runs.run(JAVA, program, feeds);
        Runs.run(THREE, program, feeds)
                .forEach((n, y) -> Runs.assertClose(expected.get(n), y, 2e-4, style + ", " + n));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void resultsDoNotDependOnTheThreads(Style style) {
        var program = program(style);
        var feeds = feeds(program);
        var expected = Runs.run(ONE, program, feeds);
        Runs.run(THREE, program, feeds)
                .forEach((n, y) -> assertArrayEquals(expected.get(n).data(), y.data(), n));
    }

    @Test
    void allStylesComputeTheSame() {
        var plain = program(Style.PLAIN);
        var feeds = feeds(plain);
        var expected = Runs.run(ONE, plain, feeds);
        var other = program(new Style(Weights.LINEAR, true, true, false, DType.FP32));
        Runs.run(ONE, other, feeds)
                .forEach((n, y) -> Runs.assertClose(expected.get(n), y, 2e-4, n));
    }

    @Test
    void halvesAreWithinTheirRoundingOfSingles() {
        var single = program(Style.PLAIN);
        var feeds = feeds(single);
        var expected = Runs.run(ONE, single, feeds).get("y");
        var half = program(Style.PLAIN.with(DType.FP16));
        var actual = Runs.run(ONE, half, feeds).get("y");
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.data().length; i++) {
            worst = Math.max(worst, Math.abs(expected.get(i) - actual.get(i)));
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        assertTrue(worst <= 0.01 * largest, worst + " of " + largest);
    }

    @Test
    void aRunSaysHowLongEachKernelTook() {
        var program = program(Style.PLAIN);
        try (var executable = ONE.compile(program)) {
            var buffers = Runs.buffers(ONE, executable.inputs());
            buffers.putAll(Runs.buffers(ONE, executable.outputs()));
            executable.bind(buffers).run();
            assertEquals(executable.plan().size(), executable.nanos().size());
            assertTrue(executable.nanos().stream().allMatch(n -> n > 0), "a kernel took no time");
        }
    }

    @Test
    void theStoriesBlockHasThePublishedNumberOfOperations() {
        assertEquals(11.476e9, Size.STORIES.flops(), 0.001e9);
    }
}
