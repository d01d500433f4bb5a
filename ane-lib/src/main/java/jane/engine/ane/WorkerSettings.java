package jane.engine.ane;

import com.sun.jna.Native;
import jane.target.Route;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a worker process is started.
 *
 * @param main its main class
 * @param arguments its arguments, after the folders of shared memory and programs
 * @param timeout how long a command may take
 */
record WorkerSettings(String main, List<String> arguments, Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** For Jane's own worker, with the same bridge and framework. */
    static WorkerSettings of(AneSettings settings, Device device, Route route) {
        return new WorkerSettings(
                Worker.class.getName(),
                List.of(
                        settings.bridge().orElse(""),
                        settings.framework(route).orElse(""),
                        device.name(),
                        settings.power().orElse(""),
                        route.name()),
                TIMEOUT);
    }

    /** The command line of a worker; it deletes both folders if this process is gone. */
    List<String> command(Path shared, Path programs) {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-XX:+ExitOnOutOfMemoryError"));
        words.add("-XX:ErrorFile=" + shared.resolve("crash.log"));
        words.addAll(List.of("-cp", classPath(), main, shared.toString()));
        words.add(programs.toString());
        words.addAll(arguments);
        return words;
    }

    /** In a notebook, Jane is not always on the class path that the JVM was started with. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                place(Worker.class),
                place(Native.class),
                System.getProperty("java.class.path"));
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the JVM's own location", e);
        }
    }
}
