package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;

/** A double of IJava's main class. */
public final class IJava {
    public static final String VERSION = "1.3.0";

    private static JavaKernel kernel;

    private IJava() {}

    public static JavaKernel getKernelInstance() {
        return kernel;
    }

    /** For tests, which have no connection file. */
    public static void use(JavaKernel running) {
        kernel = running;
    }

    /** Runs on a connection file, until a client ends it. */
    public static void main(String[] args) throws Exception {
        var properties = KernelConnectionProperties.parse(Files.readString(Path.of(args[0])));
        JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING);
        var connection = new JupyterConnection(properties);
        kernel = new JavaKernel(variable("IJAVA_CLASSPATH"), variable("IJAVA_STARTUP_SCRIPT"));
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        connection.waitUntilClose();
        System.exit(0);
    }

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name)).orElse("");
    }
}
