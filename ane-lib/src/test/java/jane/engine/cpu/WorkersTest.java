package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Parallel loops: every task once, errors come back, interrupts are none of their business. */
final class WorkersTest {
    @Test
    void everyTaskRunsOnce() {
        try (var workers = new Workers(4)) {
            for (int round = 0; round < 20_000; round++) {
                int tasks = round % 37;
                var count = new AtomicIntegerArray(tasks + 1);
                workers.run(tasks, (task, worker) -> count.incrementAndGet(task));
                for (int i = 0; i < tasks; i++) {
                    assertEquals(1, count.get(i), "round " + round + " task " + i);
                }
            }
        }
    }

    @Test
    void noTwoTasksAtOnceHaveOneWorker() {
        try (var workers = new Workers(3)) {
            var inside = new AtomicIntegerArray(3);
            for (int round = 0; round < 500; round++) {
                workers.run(
                        16,
                        (task, worker) -> {
                            assertEquals(1, inside.incrementAndGet(worker));
                            inside.decrementAndGet(worker);
                        });
            }
        }
    }

    @Test
    void whatATaskThrowsComesBackAndTheNextLoopRuns() {
        try (var workers = new Workers(3)) {
            var thrown =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> workers.run(9, WorkersTest::failAtSeven));
            assertEquals("task 7", thrown.getMessage());
            var count = new AtomicIntegerArray(1);
            workers.run(9, (task, worker) -> count.incrementAndGet(0));
            assertEquals(9, count.get(0));
        }
    }

    private static void failAtSeven(int task, int worker) {
        if (task == 7) {
            throw new IllegalArgumentException("task 7");
        }
    }

    @Test
    void anInterruptedCallerFinishesAndStaysInterrupted() {
        try (var workers = new Workers(2)) {
            Thread.currentThread().interrupt();
            var count = new AtomicIntegerArray(1);
            workers.run(50, (task, worker) -> count.incrementAndGet(0));
            assertEquals(50, count.get(0));
            assertTrue(Thread.interrupted());
        }
    }
}
