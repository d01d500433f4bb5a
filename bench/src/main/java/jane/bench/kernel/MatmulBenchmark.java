package jane.bench.kernel;

import jane.bench.duel.MatrixShape;
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

/** Matrix products through a compiled program. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatmulBenchmark {
    /** M x K x N. */
    @Param({"256x768x768", "768x768x256", "256x2048x768", "2048x2048x2048"})
    public String shape;

    /** Threads of the engine. */
    @Param("2")
    public int threads;

    private Workload work;

    /** Compiles. */
    @Setup
    public void setUp() {
        Session.current().use("cpu", threads);
        var s = MatrixShape.parse(shape);
        work = Workload.matmul(s.m(), s.k(), s.n());
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
