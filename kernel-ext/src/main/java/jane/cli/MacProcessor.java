package jane.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks macOS what the processor is, since a translated JDK reports the wrong one. */
final class MacProcessor {
    private static final int PATIENCE_SECONDS = 5;

    private MacProcessor() {}

    /** For instance "Apple M2 Pro"; empty when {@code sysctl} does not answer. */
    static String name() {
        try {
            Process process =
                    new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? said.strip() : "";
        } catch (IOException noSysctl) {
            return ""; // the caller then reports the processor as unknown
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
