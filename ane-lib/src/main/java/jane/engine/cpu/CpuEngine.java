package jane.engine.cpu;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.MilParser;
import jane.mil.Program;

/**
 * Runs MIL programs on the processor: parses the text, plans buffers and fused kernels once, and
 * runs the plan on its own threads, in plain Java. Values are stored as the program types them
 * (fp16 is rounded on the way out of every op) and computed in fp32; integers run exactly but
 * slowly. Results do not depend on the number of threads.
 *
 * <p><b>Errors.</b> A {@link JaneException} for text, types or blobs that are wrong, buffers that
 * do not fit, a run while another one of the same executable is under way, or use after close.
 */
public final class CpuEngine implements Engine {
    private static final int MAX_THREADS = 1024;

    private final Workers workers;

    /** An engine on {@code threads} threads, the calling one included. */
    public CpuEngine(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new JaneException(
                    "cpu",
                    "%d threads; need 1 to %d, such as the number of cores",
                    threads,
                    MAX_THREADS);
        }
        workers = new Workers(threads);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "Java kernels, " + workers.threads() + " threads";
    }

    @Override
    public Executable compile(Program program) {
        workers.requireOpen();
        var graph = MilParser.parse(program);
        return new CpuExecutable(graph, program.aliases(), workers);
    }

    @Override
    public Buffer allocate(TensorType type) {
        return Buffer.direct(type);
    }

    @Override
    public void close() {
        workers.close();
    }
}
