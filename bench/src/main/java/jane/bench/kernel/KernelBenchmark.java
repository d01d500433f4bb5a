package jane.bench.kernel;

import jane.tensor.Session;
import jane.zoo.Workload;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Each {@link Kernel} through a compiled program. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    /** Which; all of them unless {@code -p kernel=SOFTMAX,ADAM} says so. */
    @Param public Kernel kernel;

    /** Threads of the engine. */
    @Param("2")
    public int threads;

    private Workload work;

    /** Compiles. */
    @Setup
    public void setUp() {
        Session.current().use("cpu", threads);
        work = kernel.workload();
    }

    /** One run of the program. */
    @Benchmark
    public void run() {
        work.run();
    }

    /** Frees the buffers. */
    @TearDown
    public void tearDown() {
        work.close();
    }
}
