package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HostileTextTest {
    /** Nothing is allocated on the word of a size: a heap of 64 MB is enough for all of it. */
    @Test
    void everyHostileTextEndsInAnErrorInASmallHeap() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child =
                new ProcessBuilder(
                                java,
                                "-Xmx64m",
                                "-Xss512k",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HostileText.class.getName())
                        .redirectErrorStream(true)
                        .start();
        var said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(child.waitFor(60, TimeUnit.SECONDS), said);
        assertEquals(0, child.exitValue(), said);
    }
}
