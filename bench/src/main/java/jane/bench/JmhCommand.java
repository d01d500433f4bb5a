package jane.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code bench jmh}: JMH on the kernels. */
@Command(
        name = "jmh",
        description = "Kernels by JMH; what follows is for JMH, such as -l or -prof gc.")
final class JmhCommand implements Callable<Integer> {
    @Unmatched private List<String> arguments = new ArrayList<>();

    JmhCommand() {}

    @Override
    public Integer call() throws IOException {
        org.openjdk.jmh.Main.main(arguments.toArray(new String[0]));
        return 0;
    }
}
