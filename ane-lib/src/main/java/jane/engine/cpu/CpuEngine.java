package jane.engine.cpu;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.mil.States;
import java.util.function.IntConsumer;

/**
 * Runs MIL programs on the processor: parses the text, plans buffers and fused kernels once, and
 * runs the plan on its own threads, with native kernels or in plain Java. Values are stored as the
 * program types them (fp16 is rounded on the way out of every op) and computed in fp32; integers
 * run exactly but slowly. Results do not depend on the number of threads.
 *
 * <p><b>Errors.</b> A {@link JaneException} for text, types or blobs that are wrong, buffers that
 * do not fit, a run while another one of the same executable is under way, or use after close.
 */
public final class CpuEngine implements Engine {
    /**
     * Beyond this, waking them costs more than the work of a step, and each has memory of its own.
     */
    private static final int MOST_THREADS = 128;

    private final Workers workers;
    private final Kernels kernels;

    /**
     * An engine on {@code threads} threads, the calling one included.
     *
     * @param threads as {@link #requireThreads} has it
     */
    public CpuEngine(int threads) {
        this(threads, InstalledKernels.get());
    }

    CpuEngine(int threads, Kernels kernels) {
        workers = new Workers(requireThreads(threads));
        this.kernels = kernels;
    }

    /**
     * {@code threads}, if an engine can have so many: 1 to 128, or to the number of processors
     * where there are more. It need not be the number of processors, so that what was written on a
     * large machine runs on a small one.
     *
     * @throws JaneException if not
     */
    public static int requireThreads(int threads) {
        int processors = Runtime.getRuntime().availableProcessors();
        int most = Math.max(MOST_THREADS, processors);
        if (threads < 1 || threads > most) {
            throw new JaneException(
                    "engine",
                    "%d threads; need 1 to %d, such as %d, one for each processor",
                    threads,
                    most,
                    processors);
        }
        return threads;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return kernels.description() + ", " + workers.threads() + " threads";
    }

    @Override
    public Executable compile(Program given) {
        workers.requireOpen();
        var program = States.asPorts(given);
        var graph = MilParser.parse(program);
        return new CpuExecutable(graph, program.aliases(), workers, kernels);
    }

    @Override
    public Buffer allocate(TensorType type) {
        return Buffer.in(type, kernels.allocate(type.sizeBytes()));
    }

    @Override
    public void parallel(int count, IntConsumer task) {
        parallel(count, (i, worker) -> task.accept(i));
    }

    /** One task of {@link #parallel(int, Task)}. */
    public interface Task {
        /**
         * Runs one task.
         *
         * @param worker of {@link #threads}, no two at once: whose working memory to use
         */
        void run(int task, int worker);
    }

    /** Runs tasks 0 to {@code count - 1} in any order on this engine's threads. */
    public void parallel(int count, Task body) {
        workers.requireOpen();
        workers.run(count, body::run);
    }

    /** Threads, the calling one included. */
    public int threads() {
        return workers.threads();
    }

    @Override
    public void close() {
        workers.close();
    }
}
