package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Reductions;
import jane.op.SliceUpdate;
import jane.op.Slicing;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of engine, executable and binding: names, sharing, errors, threads, allocation. */
final class CpuEngineTest {
    private final CpuEngine engine = new CpuEngine(2);

    @AfterEach
    void close() {
        engine.close();
    }

    /** y = relu(x w), next = w / 2, which may overwrite w. */
    private Executable compile(int rows, int inner) {
        var x = Leaf.input(TensorType.fp32(rows, inner));
        var w = Leaf.input(TensorType.fp32(inner, inner));
        var y = Activations.gelu(Contraction.matmul(x, w), Activations.GeluMode.EXACT);
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", x), new Graph.Port("w", w)),
                        List.of(
                                new Graph.Port("y", y),
                                new Graph.Port("next", Elementwise.scale(w, 0.5)),
                                new Graph.Port("sum", Reductions.sumAll(y))));
        return engine.compile(Runs.program(graph).withAliases(Map.of("next", "w")));
    }

    private Map<String, Buffer> buffers(Executable exe) {
        var buffers = new HashMap<String, Buffer>(Runs.buffers(engine, exe.inputs()));
        buffers.putAll(Runs.buffers(engine, exe.outputs()));
        return buffers;
    }

    private static void assertRefuses(String message, Runnable action) {
        assertEquals(message, assertThrows(JaneException.class, action::run).getMessage());
    }

    @Test
    void largeMemoryIsZerosAndBeginsOnALargePageWithNativeKernels() {
        var type = TensorType.fp32(3, 1 << 18); // 3 MiB
        try (var large = engine.allocate(type)) {
            var bytes = large.bytes();
            for (int i = 0; i < type.shape().size(); i++) {
                assertEquals(0, large.get(i), "element " + i);
            }
            assertEquals(type.sizeBytes(), bytes.capacity());
            assertEquals(0, bytes.alignmentOffset(0, 64));
            if (InstalledKernels.get() instanceof NativeKernels) {
                assertEquals(0, bytes.alignmentOffset(0, 2 << 20));
            }
        }
    }

    @Test
    void aResultWithoutElementsCostsNothingHoweverLongItsAxes() {
        var x = Leaf.input(TensorType.fp32(0, Integer.MAX_VALUE));
        var soft = Activations.softmax(x, -1);
        var slice = new Slicing.Slice(List.of(0, 0), List.of(0, 9), List.of(1, 1));
        var update = Leaf.input(TensorType.fp32(0, 9));
        var updated = SliceUpdate.update(Elementwise.add(soft, soft), update, slice);
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", x), new Graph.Port("u", update)),
                        List.of(
                                new Graph.Port("y", updated),
                                new Graph.Port("sum", Reductions.sumAll(updated))));
        var feeds = Map.of("x", Dense.zeros(x.type()), "u", Dense.zeros(update.type()));
        var results = Runs.run(engine, graph, feeds);
        assertEquals(0, results.get("y").data().length);
        assertEquals(0, results.get("sum").get(0));
    }

    @Test
    void memoryTooSmallForItsTensorIsRefused() {
        assertRefuses(
                "[buffer] 64 bytes for tensor<fp32, [3, 7]>; need 84",
                () -> Buffer.in(TensorType.fp32(3, 7), Buffer.directBytes(1)));
    }

    @Test
    void portsKeepTheProgramsOrderAndTypes() {
        try (var exe = compile(2, 3)) {
            assertEquals(List.of("x", "w"), List.copyOf(exe.inputs().keySet()));
            assertEquals(List.of("y", "next", "sum"), List.copyOf(exe.outputs().keySet()));
            assertEquals(TensorType.fp32(2, 3), exe.outputs().get("y"));
        }
    }

    @Test
    void aMissingBufferIsRefused() {
        try (var exe = compile(2, 3)) {
            var buffers = buffers(exe);
            buffers.remove("w");
            assertRefuses(
                    "[bind] buffers for [next, sum, x, y]; need one for each of [next, sum, w, x,"
                            + " y]",
                    () -> exe.bind(buffers));
        }
    }

    @Test
    void aBufferOfAnotherTypeIsRefused() {
        try (var exe = compile(2, 3)) {
            var buffers = buffers(exe);
            buffers.put("x", engine.allocate(TensorType.fp32(3, 2)));
            assertRefuses(
                    "[bind] 'x' is bound to a buffer of tensor<fp32, [3, 2]>; need"
                            + " tensor<fp32, [2, 3]>",
                    () -> exe.bind(buffers));
        }
    }

    @Test
    void sharingWithoutAnAliasIsRefused() {
        try (var exe = compile(3, 3)) {
            var buffers = buffers(exe);
            buffers.put("y", buffers.get("x"));
            assertRefuses(
                    "[bind] output 'y' shares its buffer with [x]; need a buffer of its own, or an"
                            + " alias declared by the program",
                    () -> exe.bind(buffers));
            var both = buffers(exe);
            both.put("next", both.get("w"));
            both.put("y", both.get("w"));
            assertRefuses(
                    "[bind] output 'y' shares its buffer with [w]; need a buffer of its own, or an"
                            + " alias declared by the program",
                    () -> exe.bind(both));
        }
    }

    @Test
    void anAliasToAnUnknownInputIsRefused() {
        var x = Leaf.input(TensorType.fp32(2));
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", x)),
                        List.of(new Graph.Port("y", Activations.relu(x))));
        var program = Runs.program(graph).withAliases(Map.of("y", "z"));
        assertRefuses(
                "[cpu] an alias names input 'z'; need one of [x]", () -> engine.compile(program));
    }

    @Test
    void anAliasedBufferIsUpdatedRunByRun() {
        try (var exe = compile(2, 3)) {
            var buffers = buffers(exe);
            buffers.put("next", buffers.get("w"));
            buffers.get("w").put(new float[] {8, 8, 8, 8, 8, 8, 8, 8, 8});
            var binding = exe.bind(buffers);
            binding.run();
            binding.run();
            assertEquals(2, buffers.get("w").get(4));
        }
    }

    @Test
    void aClosedExecutableBufferOrEngineIsRefused() {
        var exe = compile(2, 3);
        var buffers = buffers(exe);
        var binding = exe.bind(buffers);
        buffers.get("x").close();
        assertRefuses("[buffer] tensor<fp32, [2, 3]> was closed; allocate a new one", binding::run);
        exe.close();
        assertRefuses("[cpu] this executable was closed; compile the program again", binding::run);
        engine.close();
        assertRefuses("[cpu] this engine was closed; make a new one", () -> compile(2, 3));
    }

    @Test
    void takesMoreThreadsThanThereAreProcessorsButNotAnyNumber() {
        int processors = Runtime.getRuntime().availableProcessors();
        int most = Math.max(128, processors);
        try (var large = new CpuEngine(most)) {
            assertEquals(most, large.threads());
        }
        for (int threads : new int[] {most + 1, 1000 + processors, 0, -1, Integer.MIN_VALUE}) {
            assertRefuses(
                    "[engine] %d threads; need 1 to %d, such as %d, one for each processor"
                            .formatted(threads, most, processors),
                    () -> new CpuEngine(threads));
        }
    }

    @Test
    void runningTwiceAtOnceIsRefused() throws InterruptedException {
        try (var exe = compile(128, 256)) {
            var binding = exe.bind(buffers(exe));
            var done = new AtomicInteger();
            var refusals = new AtomicInteger();
            var other = new AtomicReference<Throwable>();
            Runnable runs =
                    () -> {
                        for (int i = 0; i < 2000 && refusals.get() == 0; i++) {
                            try {
                                binding.run();
                                done.incrementAndGet();
                            } catch (JaneException e) {
                                assertEquals(
                                        "[cpu] this executable is running in another thread; it is"
                                            + " not re-entrant: wait, or compile the program once"
                                            + " per thread",
                                        e.getMessage());
                                refusals.incrementAndGet();
                            }
                        }
                    };
            var threads = List.of(new Thread(runs), new Thread(runs));
            for (var thread : threads) {
                thread.setUncaughtExceptionHandler((t, e) -> other.set(e));
                thread.start();
            }
            for (var thread : threads) {
                thread.join();
            }
            assertEquals(null, other.get());
            assertTrue(refusals.get() > 0, "no refusal in " + done.get() + " runs");
            binding.run(); // and it is free again
        }
    }

    @Test
    void twoExecutablesMayRunAtOnce() throws InterruptedException {
        try (var first = compile(64, 64);
                var second = compile(64, 64)) {
            var failure = new AtomicReference<Throwable>();
            var a = first.bind(buffers(first));
            var b = second.bind(buffers(second));
            var thread =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 500; i++) {
                                    a.run();
                                }
                            });
            thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
            thread.start();
            for (int i = 0; i < 500; i++) {
                b.run();
            }
            thread.join();
            assertEquals(null, failure.get());
        }
    }

    @Test
    void aRunAllocatesNothing() {
        try (var exe = compile(128, 256)) {
            var binding = exe.bind(buffers(exe));
            var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long id = Thread.currentThread().getId();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) { // the first ones may load classes
                long before = bean.getThreadAllocatedBytes(id);
                for (int i = 0; i < 10; i++) {
                    binding.run();
                }
                least = Math.min(least, bean.getThreadAllocatedBytes(id) - before);
            }
            // Asking costs a little itself; ten runs that allocate anything cost ten times more.
            assertTrue(least <= 64, least + " bytes in 10 runs; need at most 64");
        }
    }

    @Test
    void aBindingReadsAnInputWhereItLies() {
        try (var exe = compile(2, 3)) {
            var buffers = buffers(exe);
            buffers.get("w").put(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
            var binding = exe.bind(buffers);
            var other = Buffer.direct(TensorType.fp32(2, 3));
            other.put(new float[] {30, 30, 30, 30, 30, 30});
            binding.run();
            assertEquals(0, buffers.get("sum").get(0));
            buffers.get("w").put(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
            assertTrue(binding.read("x", other));
            binding.run();
            assertEquals(180, buffers.get("sum").get(0));
            assertTrue(binding.read("x", buffers.get("x")));
            binding.run();
            assertEquals(0, buffers.get("sum").get(0));
        }
    }

    @Test
    void anInputIsNotReadFromWhatTheProgramWrites() {
        try (var exe = compile(3, 3)) {
            var buffers = buffers(exe);
            var binding = exe.bind(buffers);
            assertFalse(binding.read("x", buffers.get("w")));
            assertFalse(binding.read("w", Buffer.direct(TensorType.fp32(3, 3))));
            assertRefuses(
                    "[bind] 'x' is bound to a buffer of tensor<fp32, [2, 3]>; need tensor<fp32,"
                            + " [3, 3]>",
                    () -> binding.read("x", Buffer.direct(TensorType.fp32(2, 3))));
        }
    }
}
