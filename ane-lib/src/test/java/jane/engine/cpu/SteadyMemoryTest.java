package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Batches;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.train.Step;
import jane.zoo.DigitsTask;
import jane.zoo.Models;
import jane.zoo.Workload;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Training for long and making many models takes no more memory than doing it for a little. */
final class SteadyMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** What the JIT, the garbage collector and malloc may add at a whim. */
    private static final long SLACK_KB = 48 << 10;

    private static final jane.data.Batch BATCH =
            Batches.of(DigitsTask.generated(1).train(), 16).epoch(0, 0).iterator().next();

    @BeforeAll
    static void needsLinux() {
        Assumptions.assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    }

    @Test
    void aHundredStepsTakeNoMemory() throws IOException {
        steps(50, 100);
    }

    @Test
    void forgottenModelsGiveTheirBuffersBack() {
        make(3);
        long settled = directBytes(0);
        make(10);
        long now = directBytes(settled);
        assertTrue(now <= settled, "direct memory grew from " + settled + " to " + now + " bytes");
    }

    /** Bytes of direct buffers once the collector had some chances to bring them to a goal. */
    private static long directBytes(long goal) {
        var pool =
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(p -> p.getName().equals("direct"))
                        .findFirst()
                        .orElseThrow();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 20 && used > goal; i++) {
            System.gc();
            LockSupport.parkNanos(50_000_000); // cleaning runs in a thread of its own
            used = pool.getMemoryUsed();
        }
        return used;
    }

    @Test
    @Tag("soak")
    void tenThousandStepsTakeNoMemory() throws IOException {
        steps(1000, 10_000);
    }

    @Test
    @Tag("soak")
    void aThousandModelsTakeNoMemory() throws IOException {
        models(200, 1000);
    }

    private static void steps(int before, int count) throws IOException {
        try (var work = Workload.step("mlp", Models.mlp(784, 128, 10), Adam.of(1e-3), 64)) {
            repeat(work, before);
            long settled = residentKb();
            repeat(work, count);
            requireFlat(settled, count + " steps");
        }
    }

    private static void repeat(Workload work, int count) {
        for (int i = 0; i < count; i++) {
            work.run();
        }
    }

    private static void models(int before, int count) throws IOException {
        make(before);
        long settled = residentKb();
        make(count);
        requireFlat(settled, count + " models");
    }

    private static void make(int count) {
        for (int i = 0; i < count; i++) {
            var model = Models.mlp(784, 64, 10);
            Step.of(model, Loss.crossEntropy(), Adam.of(1e-3), false).run(BATCH);
        }
    }

    private static void requireFlat(long settledKb, String what) throws IOException {
        System.gc(); // buffers that nobody holds are given back when they are found
        long now = residentKb();
        assertTrue(
                now <= settledKb + SLACK_KB,
                what + ": resident memory grew from " + settledKb + " to " + now + " kB");
    }

    private static long residentKb() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
