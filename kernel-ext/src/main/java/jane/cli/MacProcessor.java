package jane.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks macOS about the machine, since a translated JDK reports the wrong processor. */
final class MacProcessor {
    private static final int PATIENCE_SECONDS = 5;

    private MacProcessor() {}

    /** For instance "Apple M2 Pro"; empty when {@code sysctl} does not answer. */
    static String name() {
        return asked("machdep.cpu.brand_string");
    }

    /** The system's build, for instance "25A354"; empty when {@code sysctl} does not answer. */
    static String build() {
        return asked("kern.osversion");
    }

    /** The machine, for instance "Mac16,1"; empty when {@code sysctl} does not answer. */
    static String model() {
        return asked("hw.model");
    }

    private static String asked(String name) {
        try {
            Process process =
                    new ProcessBuilder("/usr/sbin/sysctl", "-n", name)
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
            return ""; // the caller then reports it as unknown
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
