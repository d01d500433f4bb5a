package jane.engine.cpu;

import jane.conform.OpSamples;
import jane.engine.Engine;
import jane.ir.DType;
import jane.ir.Op;
import jane.op.Activations;
import jane.op.Attention;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Einsum;
import jane.op.Elementwise;
import jane.op.Indexing;
import jane.op.Losses;
import jane.op.Normalisation;
import jane.op.Ops;
import jane.op.Pooling;
import jane.op.Reductions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op on random shapes, attributes and types against its reference kernel. */
final class EveryOpTest {
    private static final int SAMPLES = 120;
    private static final Engine ENGINE = new CpuEngine(3);
    private static final Engine JAVA = new CpuEngine(3, new JavaKernels("Java kernels"));

    /** Sums: float accumulation overflows or swallows where the reference in double does not. */
    private static final List<Op<?>> SUMS =
            List.of(
                    Attention.SDPA,
                    Contraction.LINEAR,
                    Contraction.MATMUL,
                    Einsum.EINSUM,
                    Normalisation.BATCH_NORM,
                    Normalisation.INSTANCE_NORM,
                    Normalisation.LAYER_NORM,
                    Convolution.CONV,
                    Convolution.CONV_TRANSPOSE,
                    Pooling.AVG_POOL,
                    Reductions.REDUCE_SUM,
                    Reductions.REDUCE_MEAN,
                    Losses.CROSS_ENTROPY,
                    Indexing.SCATTER);

    @AfterAll
    static void close() {
        ENGINE.close();
        JAVA.close();
    }

    static List<Op<?>> ops() {
        return Ops.all();
    }

    static Stream<Op<?>> opsThatDoNotSum() {
        return Ops.all().stream().filter(op -> !SUMS.contains(op));
    }

    @ParameterizedTest
    @MethodSource("ops")
    void agreesWithTheReference(Op<?> op) {
        check(op, OpSamples.Mode.RANDOM, 0x5eedL);
    }

    @ParameterizedTest
    @MethodSource("opsThatDoNotSum")
    void agreesOnNanInfinitiesAndExtremes(Op<?> op) {
        check(op, OpSamples.Mode.UGLY, 0xbadL);
    }

    private static void check(Op<?> op, OpSamples.Mode mode, long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + SAMPLES; seed++) {
            var sample = OpSamples.sample(op, mode, new SplittableRandom(seed));
            var engine = seed % 3 == 0 ? JAVA : ENGINE;
            var actual = Runs.run(engine, sample.graph(), sample.feeds());
            var expected = sample.expectedAll();
            for (var name : expected.keySet()) {
                Runs.assertClose(
                        expected.get(name),
                        actual.get(name),
                        absolute(op, actual.get(name).type().dtype()),
                        "seed " + seed + ", " + name + ", " + sample);
            }
        }
    }

    /** What sums of a few hundred terms, and differences of nearly equal ones, may be off by. */
    private static double absolute(Op<?> op, DType dtype) {
        if (op.spelling().isEmpty() && dtype == DType.FP16) {
            return 0.02; // a composite: each op inside rounds
        }
        boolean cancels = op == Activations.GELU || op == Elementwise.LOG;
        return SUMS.contains(op) || cancels ? 3e-5 : 1e-7;
    }
}
