package jane.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class TargetsPageTest {
    /** Tests run in the module's folder or in the project's. */
    private static Path page() {
        var here = Path.of(TargetsPage.FILE);
        return Files.exists(here) ? here : Path.of("..").resolve(here);
    }

    @Test
    void docsSayWhatTheCodeSays() throws IOException {
        String written = Files.readString(page());
        assertEquals(
                TargetsPage.filled(written),
                written,
                TargetsPage.FILE
                        + " has drifted; run jane.target.TargetsPage in the project's root");
    }
}
