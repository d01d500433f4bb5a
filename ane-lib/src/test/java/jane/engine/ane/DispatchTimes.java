package jane.engine.ane;

import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what a dispatch costs beside the program: over a stand-in whose programs compute nothing,
 * in this process and isolated, one after the other and after a time without work. A main, not a
 * test: its numbers belong to a machine that does nothing else. Arguments: milliseconds without
 * work; 5 and 50 unless given.
 */
final class DispatchTimes {
    private static final int WARM = 20_000;
    private static final int RUNS = 20_000;
    private static final int IDLE_RUNS = 200;

    private DispatchTimes() {}

    public static void main(String[] args) throws IOException {
        var idle = args.length > 0 ? List.of(args) : List.of("5", "50");
        var folder = StandIn.folder();
        StandIn.in(folder).controls().standin_reset();
        var inProcess = StandIn.bridge(folder);
        var orders = Files.createTempDirectory("orders");
        Files.createFile(orders.resolve("idle"));
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(folder.toString(), orders.toString()),
                        Duration.ofSeconds(60));
        try {
            measure("in process", inProcess, idle);
            measure("isolated", IsolatedBridge.open(settings), idle);
        } finally {
            Folders.delete(orders);
        }
    }

    private static void measure(String what, Bridge bridge, List<String> idleMillis) {
        try (var ane =
                new AneEngine("ane", Target.named("m5"), bridge, 127, () -> 0L, text -> {})) {
            var run = new Steps.Run(ane, Steps.sum(2));
            run.train(0, 1);
            times(run, WARM, 0);
            print(what + ", back to back", times(run, RUNS, 0));
            for (var idle : idleMillis) {
                long nanos = Long.parseLong(idle) * 1_000_000;
                print(what + ", after " + idle + " ms", times(run, IDLE_RUNS, nanos));
            }
        }
    }

    private static long[] times(Steps.Run run, int count, long idleNanos) {
        var nanos = new long[count];
        for (int i = 0; i < count; i++) {
            if (idleNanos > 0) {
                LockSupport.parkNanos(idleNanos);
            }
            long start = System.nanoTime();
            run.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static void print(String what, long[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%-26s median %7.2f us, 90 %% %7.2f us, most %9.2f us of %d%n",
                what,
                sorted[sorted.length / 2] / 1e3,
                sorted[sorted.length * 9 / 10] / 1e3,
                sorted[sorted.length - 1] / 1e3,
                sorted.length);
    }
}
