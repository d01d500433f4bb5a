package jane.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import jane.ir.JaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import sun.misc.Signal;

/** Starts the kernel on the connection file that Jupyter hands it. */
public final class KernelMain {
    private KernelMain() {}

    /**
     * Runs the kernel until a client shuts it down, then ends the process.
     *
     * @param args the connection file's path
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            throw new JaneException(
                    "kernel", "got %d arguments; need one, the connection file", args.length);
        }
        serve(Path.of(args[0]));
        System.exit(0);
    }

    /**
     * Runs the kernel until a client shuts it down.
     *
     * @param connectionFile what Jupyter wrote: ports and key
     */
    public static void serve(Path connectionFile) throws Exception {
        JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING);
        var connection = new Connection(properties(connectionFile));
        var kernel = new JaneKernel(connection, Startup.shipped());
        System.setIn(connection.stdin().stream());
        kernel.getCommManager().setIOPubChannel(connection.iopub());
        var history = new History(HistoryFile.path(System.getenv()));
        var requests = new Requests(kernel, connection.iopub(), connection.stdin(), history);
        Signal.handle(new Signal("INT"), signal -> kernel.interrupt());
        endWithParent(System.getenv(), requests);
        connection.serve(requests);
    }

    private static KernelConnectionProperties properties(Path file)
            throws IOException, GeneralSecurityException {
        if (!Files.isReadable(file)) {
            throw new JaneException(
                    "kernel", "connection file %s cannot be read; Jupyter writes it", file);
        }
        return KernelConnectionProperties.parse(Files.readString(file));
    }

    /** A client that was killed cannot ask for shutdown; Jupyter leaves its process id for that. */
    private static void endWithParent(Map<String, String> environment, Requests requests) {
        String parent = environment.getOrDefault("JPY_PARENT_PID", "");
        if (parent.matches("\\d{1,18}") && Long.parseLong(parent) > 1) {
            Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(parent));
            handle.ifPresent(process -> process.onExit().thenRun(requests::close));
        }
    }

    /** The version in the jar's manifest. */
    static String version() {
        String version = KernelMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
