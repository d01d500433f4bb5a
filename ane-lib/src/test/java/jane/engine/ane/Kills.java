package jane.engine.ane;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Kills the worker from a process of its own, at steps and moments drawn from a seed. Every second
 * kill comes at an attempt to run a step again: within the start of a worker, or while it compiles.
 */
final class Kills implements IntConsumer, Predicate<AneException> {
    private static final double STEP_SECONDS = 0.02;

    private final IsolatedBridge bridge;
    private final int most;
    private final long seed;
    private final Random random;
    private final Set<Integer> steps;
    private final List<String> errors = new ArrayList<>();
    private double startSeconds = 0.5; // until one was measured
    private int count;
    private boolean again;
    private int last = -1;
    private long began;
    private boolean unharmed; // the attempt that began there: a start, a compile and a step

    /** Of {@code most} kills, within {@code steps} steps. */
    Kills(IsolatedBridge bridge, int steps, int most, long seed) {
        this.bridge = bridge;
        this.most = most;
        this.seed = seed;
        random = new Random(seed);
        this.steps =
                random.ints(0, steps - 1)
                        .distinct()
                        .limit(most / 2)
                        .boxed()
                        .collect(Collectors.toSet());
    }

    /** Sends a signal from another process. */
    static Process signal(String name, long pid) {
        return signalAfter(0, name, pid);
    }

    static Process signalAfter(double seconds, String name, long pid) {
        var line = String.format(Locale.ROOT, "sleep %.4f; kill -%s %d", seconds, name, pid);
        try {
            return new ProcessBuilder("/bin/sh", "-c", line).start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A step is about to be run, perhaps again. */
    @Override
    public void accept(int step) {
        long now = System.nanoTime();
        if (unharmed) {
            startSeconds = (now - began) / 1e9;
        }
        boolean first = steps.remove(step);
        unharmed = step == last && !again && !first;
        began = now;
        last = step;
        if ((first || again) && count < most) {
            double part = random.nextDouble();
            double seconds = part * (again ? startSeconds / 2 : STEP_SECONDS); // a compile is early
            signalAfter(seconds, "KILL", bridge.pid());
            count++;
        }
        again = first;
    }

    /** A step failed: it is run again. */
    @Override
    public boolean test(AneException e) {
        errors.add(e.text());
        return e.status() == AneStatus.WORKER;
    }

    int count() {
        return count;
    }

    /** Kills that came while something ran; the others were only found out later. */
    int seen() {
        return errors.size();
    }

    int during(String what) {
        return (int) errors.stream().filter(e -> e.contains("while " + what + " ")).count();
    }

    @Override
    public String toString() {
        return String.format(
                "%d kills (seed %d) of %d workers: %d while compiling, %d loading, %d running",
                count,
                seed,
                bridge.workers(),
                during("compiling"),
                during("loading"),
                during("running"));
    }
}
