package jane.bench;

import com.google.gson.JsonObject;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.op.Contraction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench exact}: the simulator's exact products against sgemm of the same shape. */
@Command(
        name = "exact",
        description =
                "Products in the Neural Engine's arithmetic (sim:m5) against sgemm, by turns.")
final class ExactCommand implements Callable<Integer> {
    private static final int THREADS = 2;
    private static final int M = 256;
    private static final int K = 768;
    private static final int N = 768;
    private static final int BLOCK = 20;
    private static final double FLOPS = 2.0 * M * K * N;

    @Mixin private DuelOptions options = new DuelOptions();

    @Spec private CommandSpec spec;

    ExactCommand() {}

    @Override
    public Integer call() {
        options.check(spec);
        var report = new Report("exact", spec.commandLine().getOut());
        boolean passed = true;
        try (var cpu = Engines.open("cpu", THREADS);
                var sim = Engines.open("sim:m5", THREADS)) {
            report.line("%s; %s", cpu.description(), sim.description());
            var sgemm = new Side(cpu, DType.FP32, 1);
            var sides = List.of(sgemm, new Side(sim, DType.FP16, 1), new Side(sim, DType.FP16, 4));
            for (int round = -2; round < options.rounds(); round++) {
                for (var side : sides) {
                    side.block(round);
                }
            }
            passed &= share(report, "products below 64", sides.get(1), sgemm, 0.20);
            passed &= share(report, "products beyond 64", sides.get(2), sgemm, 0.08);
        }
        report.write(options.json());
        return passed || !options.strict() ? 0 : Main.MISSED;
    }

    private static boolean share(
            Report report, String what, Side exact, Side sgemm, double needed) {
        double share = sgemm.medianMillis() / exact.medianMillis();
        report.line(
                "exact %dx%dx%d, %s: %.2f ms, %.1f GFLOP/s; sgemm %.2f ms, %.1f GFLOP/s:"
                        + " %.1f %% (need %.0f %%: %s)",
                M,
                K,
                N,
                what,
                exact.medianMillis(),
                FLOPS / exact.medianMillis() / 1e6,
                sgemm.medianMillis(),
                FLOPS / sgemm.medianMillis() / 1e6,
                100 * share,
                100 * needed,
                share >= needed ? "reached" : "missed");
        var row = new JsonObject();
        row.addProperty("case", what);
        row.addProperty("exact_ms", exact.medianMillis());
        row.addProperty("sgemm_ms", sgemm.medianMillis());
        row.addProperty("share", share);
        row.addProperty("needed", needed);
        report.row(row);
        return share >= needed;
    }

    /** One compiled product: both operands are inputs, so that each run converts and packs both. */
    private static final class Side {
        private final Binding binding;
        private double[] millis = {};

        Side(Engine engine, DType dtype, double scale) {
            var x = Leaf.input(new TensorType(dtype, Shape.of(M, K)));
            var w = Leaf.input(new TensorType(dtype, Shape.of(K, N)));
            var y = new Graph.Port("y", Contraction.matmul(x, w));
            var ports = List.of(new Graph.Port("x", x), new Graph.Port("w", w));
            var executable = engine.compile(MilPrinter.print(Graph.of(ports, List.of(y))));
            var buffers = new HashMap<String, Buffer>();
            executable.inputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            executable.outputs().forEach((n, t) -> buffers.put(n, engine.allocate(t)));
            buffers.get("x").put(normal(M * K, scale));
            buffers.get("w").put(normal(K * N, scale));
            binding = executable.bind(buffers);
        }

        private static float[] normal(int count, double scale) {
            var random = new Random(1);
            var values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (random.nextGaussian() * scale);
            }
            return values;
        }

        void block(int round) {
            var times = new double[BLOCK];
            for (int i = 0; i < BLOCK; i++) {
                long start = System.nanoTime();
                binding.run();
                times[i] = (System.nanoTime() - start) / 1e6;
            }
            if (round >= 0) {
                int before = millis.length;
                millis = Arrays.copyOf(millis, before + BLOCK);
                System.arraycopy(times, 0, millis, before, BLOCK);
            }
        }

        double medianMillis() {
            var sorted = millis.clone();
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }
    }
}
