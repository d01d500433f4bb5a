package jane.notebook.kernel;

import jane.engine.natives.Folders;
import jane.ir.JaneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where Jupyter looks for kernels. Source: "Common Directories and File Locations" of jupyter_core.
 */
public final class JupyterPaths {
    private static final long PYTHON_SECONDS = 20;

    private final Map<String, String> environment;
    private final String os;
    private final Path home;

    /** The paths for this environment, system and home folder. */
    public JupyterPaths(Map<String, String> environment, String os, Path home) {
        this.environment = Map.copyOf(environment);
        this.os = os.toLowerCase(Locale.ROOT);
        this.home = home;
    }

    /** The paths for this process. */
    public static JupyterPaths ofProcess() {
        return new JupyterPaths(
                System.getenv(), System.getProperty("os.name"), Folders.current().home());
    }

    /** Kernels of this user: {@code jupyter kernelspec install --user}. */
    public Path user() {
        return userData().resolve("kernels");
    }

    private Path userData() {
        String chosen = environment.getOrDefault("JUPYTER_DATA_DIR", "");
        if (!chosen.isEmpty()) {
            return Path.of(chosen).toAbsolutePath();
        }
        if (os.startsWith("mac")) {
            return home.resolve("Library/Jupyter");
        }
        String roaming = environment.getOrDefault("APPDATA", "");
        if (os.startsWith("windows") && !roaming.isEmpty()) {
            return Path.of(roaming).resolve("jupyter");
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isEmpty() ? home.resolve(".local/share") : Path.of(data);
        return base.resolve("jupyter");
    }

    /** Kernels of an installation: {@code jupyter kernelspec install --prefix DIR}. */
    public Path prefix(Path folder) {
        return folder.toAbsolutePath().normalize().resolve("share/jupyter/kernels");
    }

    /**
     * Kernels of the Python environment: {@code jupyter kernelspec install --sys-prefix}. That is
     * the active virtual or conda environment, else the one of {@code python3} on the path.
     */
    public Path sysPrefix() {
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String folder = environment.getOrDefault(variable, "");
            if (!folder.isEmpty()) {
                return prefix(Path.of(folder));
            }
        }
        return prefix(Path.of(pythonPrefix()));
    }

    private static String pythonPrefix() {
        List<String> ask = List.of("python3", "-c", "import sys; print(sys.prefix)");
        try {
            Process python = new ProcessBuilder(ask).redirectErrorStream(true).start();
            python.getOutputStream().close();
            byte[] output = python.getInputStream().readAllBytes();
            boolean ended = python.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS);
            String prefix = new String(output, StandardCharsets.UTF_8).strip();
            if (ended && python.exitValue() == 0 && !prefix.isEmpty()) {
                return prefix;
            }
            throw noPython("it printed \"" + prefix + "\"");
        } catch (IOException failed) {
            throw noPython(failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw noPython("interrupted");
        }
    }

    private static JaneException noPython(String found) {
        return new JaneException(
                "kernelspec",
                "--sys-prefix needs a Python: python3 did not give its prefix (%s); activate an"
                        + " environment, or use --user or --prefix DIR",
                found);
    }
}
