package org.dflib.jjava.distro;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.kernel.JavaKernel;

/** A double of JJava's main class. */
public final class JJava {
    private JJava() {}

    /** Runs on a connection file, until a client ends it. */
    public static void main(String[] args) throws Exception {
        var properties = KernelConnectionProperties.parse(Files.readString(Path.of(args[0])));
        var connection = new JupyterConnection(properties);
        var kernel = new JavaKernel(!"0".equals(System.getenv("JJAVA_LOAD_EXTENSIONS")));
        kernel.onStartup();
        kernel.addToClasspath(Optional.ofNullable(System.getenv("JJAVA_CLASSPATH")).orElse(""));
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        connection.waitUntilClose();
        System.exit(0);
    }
}
