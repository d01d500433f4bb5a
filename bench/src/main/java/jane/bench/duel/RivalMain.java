package jane.bench.duel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * A process with one contender. Takes orders, one a line, and answers each with one line:
 *
 * <pre>
 * results N         runs N times; the N results
 * block MS1 MS2     runs for MS1 milliseconds unmeasured, then for MS2; the nanoseconds of each run
 * </pre>
 *
 * Between orders it waits for input and takes no processor time. Ends with its input.
 */
final class RivalMain {
    /** Threads that each side may use. */
    static final int THREADS = 2;

    private RivalMain() {}

    /** KIND, WHAT and FILE as {@link Contender#of} has them. */
    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = System.out;
        try (var contender = Contender.of(args[0], args[1], args[2])) {
            out.println("ready");
            for (var order = in.readLine(); order != null; order = in.readLine()) {
                var words = order.split(" ");
                out.println(
                        words[0].equals("results")
                                ? results(contender, Integer.parseInt(words[1]))
                                : block(
                                        contender,
                                        Long.parseLong(words[1]),
                                        Long.parseLong(words[2])));
                out.flush();
            }
        }
    }

    private static String results(Contender contender, int count) {
        var line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            contender.run();
            line.append(contender.result()).append(' ');
        }
        return line.toString();
    }

    private static String block(Contender contender, long settleMillis, long measureMillis) {
        return Stretch.run(contender::run, settleMillis, measureMillis).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }
}
