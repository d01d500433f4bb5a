package jane.notebook.chart;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.util.Optional;

/**
 * The font of all pictures: the one that Jane brings, so that a picture looks the same everywhere
 * and a machine without fonts can draw; else the system's sans serif.
 */
final class Lettering {
    /** Where the shipped font lies; a TrueType file. */
    static final String RESOURCE = "/jane/notebook/font/DejaVuSans.ttf";

    private Lettering() {}

    static Font plain(float size) {
        return Found.FONT.deriveFont(size);
    }

    static Font bold(float size) {
        return Found.FONT.deriveFont(Font.BOLD, size);
    }

    /** Why no text can be drawn, with the remedy; empty if it can. */
    static Optional<String> missing() {
        return Found.PROBLEM;
    }

    /** Looked for once, at the first picture. */
    private static final class Found {
        static final Font FONT;
        static final Optional<String> PROBLEM;

        static {
            var font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
            var problem = Optional.<String>empty();
            try {
                font = shipped().orElse(font);
                font.getStringBounds("x", new FontRenderContext(null, true, true));
            } catch (Error | RuntimeException e) {
                // Java reports missing fonts by bare errors of several kinds, differing by version.
                problem =
                        Optional.of(
                                "this Java finds no fonts ("
                                        + e
                                        + "); install them, on Debian: apt-get install fontconfig"
                                        + " fonts-dejavu-core, and start the kernel again");
            }
            FONT = font;
            PROBLEM = problem;
        }

        private static Optional<Font> shipped() {
            try (var in = Lettering.class.getResourceAsStream(RESOURCE)) {
                return in == null
                        ? Optional.empty()
                        : Optional.of(Font.createFont(Font.TRUETYPE_FONT, in));
            } catch (IOException | FontFormatException e) {
                return Optional.empty(); // the system's own font serves as well
            }
        }
    }
}
