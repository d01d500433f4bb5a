package jane.engine.ane;

import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what a dispatch costs beside the program: over a stand-in whose programs compute nothing,
 * in this process and isolated, one after the other and after 5 ms without work. A main, not a
 * test: its numbers belong to a machine that does nothing else.
 */
final class DispatchTimes {
    private static final int WARM = 20_000;
    private static final int RUNS = 20_000;
    private static final int IDLE_RUNS = 300;
    private static final long IDLE_NANOS = 5_000_000;

    private DispatchTimes() {}

    public static void main(String[] args) throws IOException {
        var folder = StandIn.folder();
        StandIn.in(folder).controls().standin_reset();
        var inProcess =
                NativeBridge.open(
                        Optional.of(folder.resolve("libjaneane.so").toString()),
                        Optional.of(folder.resolve("libjaneespresso.so").toString()));
        var orders = Files.createTempDirectory("orders");
        Files.createFile(orders.resolve("idle"));
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(folder.toString(), orders.toString()),
                        Duration.ofSeconds(60),
                        Long.getLong("spin", 200_000));
        try {
            measure("in process", inProcess);
            measure("isolated", IsolatedBridge.open(settings));
        } finally {
            Folders.delete(orders);
        }
    }

    private static void measure(String what, Bridge bridge) {
        try (var ane =
                new AneEngine("ane", Target.named("m5"), bridge, 127, () -> 0L, text -> {})) {
            var run = new Steps.Run(ane, AneEngineTest.sum(2));
            run.train(0, 1);
            times(run, WARM, 0);
            print(what + ", back to back", times(run, RUNS, 0));
            print(what + ", after idle", times(run, IDLE_RUNS, IDLE_NANOS));
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
