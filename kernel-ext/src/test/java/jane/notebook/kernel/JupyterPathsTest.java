package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JupyterPathsTest {
    private static final Path HOME = Path.of("/home/ada");

    private static Path user(Map<String, String> environment, String os) {
        return new JupyterPaths(environment, os, HOME).user();
    }

    @Test
    void followsJupytersCustomForTheUser() {
        assertEquals(Path.of("/home/ada/.local/share/jupyter/kernels"), user(Map.of(), "Linux"));
        assertEquals(
                Path.of("/data/jupyter/kernels"), user(Map.of("XDG_DATA_HOME", "/data"), "Linux"));
        assertEquals(
                Path.of("/home/ada/Library/Jupyter/kernels"),
                user(Map.of("XDG_DATA_HOME", "/data"), "Mac OS X"));
        assertEquals(
                Path.of("/here/kernels"), user(Map.of("JUPYTER_DATA_DIR", "/here"), "Mac OS X"));
    }

    @Test
    void putsAPrefixsKernelsUnderShare() {
        var paths = new JupyterPaths(Map.of("VIRTUAL_ENV", "/venv"), "Linux", HOME);
        assertEquals(Path.of("/opt/x/share/jupyter/kernels"), paths.prefix(Path.of("/opt/y/../x")));
        assertEquals(Path.of("/venv/share/jupyter/kernels"), paths.sysPrefix());
    }
}
