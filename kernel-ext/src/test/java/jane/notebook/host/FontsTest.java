package jane.notebook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Font;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FontsTest {
    @TempDir private Path folder;

    @Test
    void extractsAFontItsLicenceAndAConfigurationThatNamesTheFinalFolder() throws Exception {
        Path configuration = Fonts.extract(folder, Path.of("/final/a&b"));
        assertEquals(Path.of("/final/a&b/fonts.conf"), configuration);
        assertTrue(
                Files.readString(folder.resolve("fonts.conf"))
                        .contains("<dir>/final/a&amp;b</dir>"));
        assertTrue(
                Files.readString(folder.resolve("DejaVuSans-LICENSE.txt")).contains("Bitstream"));
        Font font = Font.createFont(Font.TRUETYPE_FONT, folder.resolve("DejaVuSans.ttf").toFile());
        assertEquals("DejaVu Sans", font.getFamily());
    }
}
