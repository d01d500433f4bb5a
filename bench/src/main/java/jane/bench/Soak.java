package jane.bench;

import jane.data.Batches;
import jane.data.Digits;
import jane.ir.JaneException;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.train.Step;
import jane.zoo.Models;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The same work over and over in a JVM with a small fixed heap, whose resident memory is looked at
 * now and then: what the heap cannot hold would show in it.
 */
final class Soak {
    /** What counts as flat: code that is compiled late, and arenas of malloc. */
    static final double LIMIT_MB = 10;

    private static final int SAMPLES = 40;
    private static final List<String> FLAGS =
            List.of(
                    "-Xms96m",
                    "-Xmx96m",
                    "-XX:+AlwaysPreTouch",
                    "-XX:MaxDirectMemorySize=96m",
                    "-XX:ReservedCodeCacheSize=64m");

    private Soak() {}

    /**
     * Resident memory in MB.
     *
     * @param early the most in the second quarter of the run
     * @param late the most in its last quarter
     */
    record Growth(double early, double late) {
        double megabytes() {
            return late - early;
        }

        boolean flat() {
            return megabytes() <= LIMIT_MB;
        }

        static Growth of(List<Double> samples) {
            int n = samples.size();
            return new Growth(
                    most(samples.subList(n / 4, n / 2)), most(samples.subList(n * 3 / 4, n)));
        }

        private static double most(List<Double> samples) {
            return samples.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }
    }

    /** Does {@code count} of {@code steps} or {@code models} in a JVM of its own. */
    static Growth run(String kind, int count) {
        if (count < SAMPLES) {
            throw new JaneException("soak", "%d %s; need %d or more", count, kind, SAMPLES);
        }
        var process = Jvm.start(FLAGS, Soak.class, List.of(kind, String.valueOf(count)));
        var samples = new ArrayList<Double>();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                samples.add(Double.parseDouble(line));
            }
            if (process.waitFor() != 0) {
                throw new JaneException(
                        "soak", "ended with code %d; see above", process.exitValue());
            }
        } catch (IOException e) {
            throw new JaneException("soak", "cannot be heard: %s", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new JaneException("soak", "interrupted after %d samples", samples.size());
        }
        return Growth.of(samples);
    }

    /** KIND and COUNT; prints resident memory {@value #SAMPLES} times. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[1]);
        Session.current().use("cpu", 2);
        Runnable work = args[0].equals("models") ? Soak::model : steps();
        for (int i = 1; i <= count; i++) {
            work.run();
            if (i % (count / SAMPLES) == 0) {
                System.gc(); // frees the direct memory of what was dropped
                System.out.println(Resident.of(ProcessHandle.current().pid()).now());
            }
        }
    }

    private static Step step() {
        return Step.of(Models.mlp(784, 256, 10), Loss.crossEntropy(), Adam.of(1e-3), false);
    }

    private static Runnable steps() {
        var batches = Batches.of(Digits.train(128 * 8, 1), 128);
        var step = step();
        return () -> {
            int at = (int) (step.steps() % batches.steps());
            step.run(batches.epoch(0, at).iterator().next());
        };
    }

    private static void model() {
        step().run(Batches.of(Digits.train(64, 1), 64).epoch(0).iterator().next());
    }
}
