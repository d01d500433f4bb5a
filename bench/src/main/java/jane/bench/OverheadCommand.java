package jane.bench;

import com.google.gson.JsonObject;
import jane.data.Batch;
import jane.data.Batches;
import jane.data.Dataset;
import jane.data.Digits;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.ir.Shape;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Step;
import jane.train.StepReport;
import jane.zoo.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench overhead}: what a training step costs beyond its kernels. */
@Command(
        name = "overhead",
        description = "What a step of MLP 784-256-10 (batch 128, Adam) costs beyond its kernels.")
final class OverheadCommand implements Callable<Integer> {
    private static final int BLOCK = 200;
    private static final double LIMIT_MICROS = 50;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Steps of each kind. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to FILE.")
    private Optional<Path> json = Optional.empty();

    @Spec private CommandSpec spec;

    OverheadCommand() {}

    @Override
    public Integer call() {
        Session.current().use("cpu", 2);
        Session.current().seed(1);
        var report = new Report("overhead", spec.commandLine().getOut());
        report.line("%s", Session.current().engine().description());
        var mlp = Timed.of(new int[] {784, 256, 10}, Digits.train(128 * 4, 1), 128);
        var hollow = Timed.of(new int[] {2, 2, 2}, twoByTwo(), 2);
        Binding bare = bare(mlp.step);
        int rounds = Math.max(1, steps / BLOCK);
        double[] alone = new double[rounds];
        for (int i = -rounds / 4; i < rounds; i++) {
            mlp.block(i);
            hollow.block(i);
            double micros = micros(bare);
            if (i >= 0) {
                alone[i] = micros;
            }
        }
        mlp.print(report, "step of 784-256-10");
        hollow.print(report, "step of 2-2-2");
        report.line("%-22s median %8.1f us", "bare program", median(alone));
        report.line(
                "overhead around the program: %.1f us, of which the batch's upload %.1f us;"
                        + " a whole step without work: %.1f us (limit %.0f)",
                mlp.outside(), mlp.upload(), hollow.total(), LIMIT_MICROS);
        report.write(json);
        return Math.max(mlp.outside(), hollow.total()) <= LIMIT_MICROS ? 0 : Main.MISSED;
    }

    private static Dataset twoByTwo() {
        return Dataset.of("2-2-2", Shape.of(2), new float[] {1, 2, 3, 4}, new int[] {0, 1}, 2);
    }

    /** The step's program by itself, on buffers of its own. */
    private static Binding bare(Step step) {
        var engine = Session.current().engine();
        var program = step.program();
        var executable = engine.compile(program);
        var buffers = new LinkedHashMap<String, Buffer>();
        executable.inputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
        executable
                .outputs()
                .forEach(
                        (n, type) -> {
                            var alias = buffers.get(aliasOf(program.aliases(), n));
                            buffers.put(n, alias == null ? engine.allocate(type) : alias);
                        });
        return executable.bind(buffers);
    }

    private static String aliasOf(Map<String, String> aliases, String name) {
        return aliases.entrySet().stream()
                .filter(e -> e.getKey().equals(name) || e.getValue().equals(name))
                .map(e -> e.getKey().equals(name) ? e.getValue() : e.getKey())
                .findFirst()
                .orElse("");
    }

    private static double micros(Binding binding) {
        var times = new double[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            long start = System.nanoTime();
            binding.run();
            times[i] = (System.nanoTime() - start) / 1e3;
        }
        return median(times);
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Steps of one network, timed as a whole and by their own report; medians in microseconds. */
    private static final class Timed {
        private final Step step;
        private final Batch batch;
        private final List<double[]> times = new ArrayList<>();

        private Timed(Step step, Batch batch) {
            this.step = step;
            this.batch = batch;
        }

        static Timed of(int[] sizes, Dataset data, int batch) {
            var step = Step.of(Models.mlp(sizes), Loss.crossEntropy(), Adam.of(1e-4), false);
            var timed = new Timed(step, Batches.of(data, batch).epoch(0).iterator().next());
            step.run(timed.batch);
            return timed;
        }

        void block(int round) {
            for (int i = 0; i < BLOCK; i++) {
                long start = System.nanoTime();
                StepReport report = step.run(batch);
                double total = (System.nanoTime() - start) / 1e3;
                if (round >= 0) {
                    double run = report.millis().get("run") * 1e3;
                    times.add(
                            new double[] {
                                total, run, total - run, report.millis().get("upload") * 1e3
                            });
                }
            }
        }

        private double median(ToDoubleFunction<double[]> part) {
            return OverheadCommand.median(times.stream().mapToDouble(part).toArray());
        }

        double total() {
            return median(t -> t[0]);
        }

        double outside() {
            return median(t -> t[2]);
        }

        /** Tenth percentile: what is left on a machine that is busy with other things. */
        double quiet() {
            double[] sorted = times.stream().mapToDouble(t -> t[2]).sorted().toArray();
            return sorted[sorted.length / 10];
        }

        double upload() {
            return median(t -> t[3]);
        }

        void print(Report report, String name) {
            double run = median(t -> t[1]);
            report.line(
                    "%-22s median %8.1f us: program %8.1f, around it %6.1f (upload %5.1f, p10"
                            + " of all %.1f); %d kernels",
                    name, total(), run, outside(), upload(), quiet(), step.plan().size());
            var row = new JsonObject();
            row.addProperty("case", name);
            row.addProperty("total_us", total());
            row.addProperty("program_us", run);
            row.addProperty("outside_us", outside());
            row.addProperty("upload_us", upload());
            row.addProperty("outside_p10_us", quiet());
            row.addProperty("kernels", step.plan().size());
            report.row(row);
        }
    }
}
