package jane.bench.duel;

import jane.bench.Jvm;
import jane.bench.Resident;
import jane.ir.JaneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The handle of a process that runs {@link RivalMain}. */
public final class Rival implements AutoCloseable {
    private static final List<String> FLAGS =
            List.of(
                    "-Xmx1g",
                    "-Dai.djl.offline=true",
                    "-Dai.djl.pytorch.num_threads=" + RivalMain.THREADS,
                    "-Dai.djl.pytorch.num_interop_threads=1");

    private final String kind;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream orders;

    private Rival(String kind, Process process) {
        this.kind = kind;
        this.process = process;
        answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** OpenBLAS on two threads of its own, with one product. */
    public static Rival openBlas(MatrixShape shape) {
        return start("openblas-sgemm", shape.toString(), "");
    }

    /** Starts a contender as {@link Contender#of} describes it, and waits until it is ready. */
    static Rival start(String kind, String what, String file) {
        var process = Jvm.start(FLAGS, RivalMain.class, List.of(kind, what, file));
        var rival = new Rival(kind, process);
        String answer = rival.answer();
        if (!answer.equals("ready")) {
            rival.close();
            throw new JaneException("bench", "%s said '%s'; need 'ready'", kind, answer);
        }
        return rival;
    }

    String kind() {
        return kind;
    }

    /** Runs so many times; what each came to. */
    double[] results(int count) {
        return ask("results " + count);
    }

    /** Runs unmeasured, then measured; the time of each measured run in milliseconds. */
    public double[] block(long settleMillis, long measureMillis) {
        var nanos = ask("block " + settleMillis + " " + measureMillis);
        return Arrays.stream(nanos).map(n -> n / 1e6).toArray();
    }

    Resident memory() {
        return Resident.of(process.pid());
    }

    private double[] ask(String order) {
        orders.println(order);
        return Arrays.stream(answer().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new JaneException(
                        "bench", "%s ended early; what it wrote above says why", kind);
            }
            return line;
        } catch (IOException e) {
            throw new JaneException("bench", "%s cannot be heard: %s", kind, e);
        }
    }

    @Override
    public void close() {
        orders.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
