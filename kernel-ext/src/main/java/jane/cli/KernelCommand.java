package jane.cli;

import jane.notebook.kernel.KernelMain;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jane kernel FILE}: runs the Jupyter kernel. Jupyter gives this command, people do not. */
@Command(name = "kernel", description = "Runs the Jupyter kernel on a connection file.")
final class KernelCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The connection file that Jupyter wrote.")
    private Path connectionFile;

    KernelCommand() {}

    @Override
    public Integer call() throws Exception {
        KernelMain.serve(connectionFile);
        return 0;
    }
}
