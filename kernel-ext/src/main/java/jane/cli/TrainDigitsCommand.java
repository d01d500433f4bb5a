package jane.cli;

import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.EpochReport;
import jane.train.Score;
import jane.train.StepReport;
import jane.train.Trainer;
import jane.zoo.DigitsTask;
import jane.zoo.Models;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jane train-digits}: trains a network to read digits and says how well it does. */
@Command(
        name = "train-digits",
        description = "Trains a network to read digits and scores it on digits it has not seen.")
final class TrainDigitsCommand implements Callable<Integer> {
    /** Networks to choose from. */
    enum Model {
        mlp,
        cnn
    }

    @Option(
            names = "--data",
            paramLabel = "DIR|generated",
            defaultValue = "generated",
            description = {
                "Folder with MNIST idx files, or 'generated' for the built-in digits.",
                "Default: ${DEFAULT-VALUE}."
            })
    private String data;

    @Option(
            names = "--model",
            defaultValue = "cnn",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Model model;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Passes over the training data. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Samples per step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--lr",
            paramLabel = "X",
            defaultValue = "1e-3",
            description = "Learning rate of Adam. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of weights and order. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "cpu",
            description = "Engine to run on. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Mixin private ThreadsOption threads;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also write settings, results and every loss to FILE.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--dump",
            paramLabel = "DIR",
            description = {
                "Also write the first step to DIR: its MIL program and weights, and its inputs and",
                "outputs as npy files."
            })
    private Optional<Path> dump = Optional.empty();

    @Spec private CommandSpec spec;

    TrainDigitsCommand() {}

    @Override
    public Integer call() {
        requirePositive("--epochs", epochs);
        requirePositive("--batch", batch);
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new ParameterException(
                    spec.commandLine(), "[train-digits] --lr " + rate + "; need more than 0");
        }
        int workers = threads.count();
        PrintWriter out = spec.commandLine().getOut();
        Session.current().use(engine, workers);
        Session.current().seed(seed);
        var task =
                data.equals("generated")
                        ? DigitsTask.generated(1)
                        : DigitsTask.mnist(Path.of(data));
        Layer network = model == Model.mlp ? Models.mlp(784, 256, 10) : Models.digitsCnn();
        var trainer =
                Trainer.of(network, Loss.crossEntropy(), Adam.of(rate), task.train())
                        .batchSize(batch)
                        .seed(seed)
                        .validation(task.test())
                        .on(new Progress(out));
        header(out, task, network, trainer);
        dump.ifPresent(trainer.step()::recordNext);
        long start = System.nanoTime();
        boolean finished = fit(trainer, out);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!finished) {
            return Main.FAILED; // the interrupt has been answered; the process is ending
        }
        Score score = trainer.epochs().get(epochs - 1).validation().orElseThrow();
        out.printf(
                Locale.ROOT,
                "loss %.4f, accuracy %.2f %% on %d digits not seen in training; %.1f s%n",
                score.loss(),
                100 * score.accuracy(),
                score.samples(),
                seconds);
        out.flush();
        json.ifPresent(file -> new RunReport(trainer, task, settings(), seconds).write(file));
        return 0;
    }

    /** Trains; an interrupt (Ctrl-C) ends it between two steps and says where. */
    private boolean fit(Trainer trainer, PrintWriter out) {
        var ended = new CountDownLatch(1);
        var interrupt =
                new Thread(
                        () -> {
                            trainer.stop();
                            try {
                                ended.await(10, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "interrupt");
        Runtime.getRuntime().addShutdownHook(interrupt);
        try {
            if (trainer.fit(epochs) == Trainer.End.FINISHED) {
                return true;
            }
            out.printf("[train-digits] interrupted after %s%n", trainer.position());
            out.flush();
            return false;
        } finally {
            ended.countDown();
        }
    }

    private Map<String, Object> settings() {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("data", data);
        settings.put("model", model.name());
        settings.put("epochs", epochs);
        settings.put("batch", batch);
        settings.put("lr", rate);
        settings.put("seed", seed);
        settings.put("engine", Session.current().engine().description());
        return settings;
    }

    private void header(PrintWriter out, DigitsTask task, Layer network, Trainer trainer) {
        out.println(Session.current().engine().description());
        out.printf(
                "%s: %d to learn from, %d to score on%n",
                task.train().name(), task.train().size(), task.test().size());
        out.printf(
                Locale.ROOT,
                "%s with %,d parameters, %s, batch %d, seed %d%n",
                model,
                network.parameterCount(),
                trainer.step().optimizer().describe(),
                batch,
                seed);
        out.flush();
    }

    private void requirePositive(String option, int value) {
        if (value < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "[train-digits] " + option + " " + value + "; need 1 or more");
        }
    }

    /** A line per epoch. */
    private record Progress(PrintWriter out) implements Trainer.Callback {
        @Override
        public void step(Trainer trainer, StepReport report) {
            if (report.step() == 1) {
                out.printf(
                        Locale.ROOT,
                        "step 1: loss %.4f; compiled in %.0f ms%n",
                        report.loss(),
                        report.millis().get("build") + report.millis().get("compile"));
                out.flush();
            }
        }

        @Override
        public void epoch(Trainer trainer, EpochReport report) {
            Score score = report.validation().orElseThrow();
            out.printf(
                    Locale.ROOT,
                    "epoch %d: train loss %.4f, test loss %.4f, test accuracy %.2f %%, %.1f s%n",
                    report.epoch(),
                    report.trainLoss(),
                    score.loss(),
                    100 * score.accuracy(),
                    report.seconds());
            out.flush();
        }
    }
}
