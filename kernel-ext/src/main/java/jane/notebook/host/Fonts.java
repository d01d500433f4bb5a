package jane.notebook.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Gives Java on Linux a font to draw with. Java asks fontconfig for the system's fonts and throws
 * where there are none, as in slim containers; fontconfig reads the file that the environment
 * variable {@code FONTCONFIG_FILE} names. The folder made here holds one font and such a file,
 * which takes in the system's own fonts as well.
 */
public final class Fonts {
    /** The environment variable that must name {@link #extract}'s result when Java starts. */
    public static final String VARIABLE = "FONTCONFIG_FILE";

    private static final String RESOURCES = "/jane/notebook/font/";
    private static final String FONT = "DejaVuSans.ttf";
    private static final String LICENSE = "DejaVuSans-LICENSE.txt";

    private Fonts() {}

    /** Whether this system's Java finds fonts through fontconfig. */
    public static boolean needed() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    /**
     * Writes the font, its licence and the configuration.
     *
     * @param folder where to write
     * @param later the path that {@code folder} will have when it is used
     * @return the configuration's path under {@code later}
     */
    public static Path extract(Path folder, Path later) throws IOException {
        Files.createDirectories(folder);
        copy(FONT, folder);
        copy(LICENSE, folder);
        Path configuration = folder.resolve("fonts.conf");
        Files.writeString(configuration, configuration(later), StandardCharsets.UTF_8);
        return later.resolve(configuration.getFileName());
    }

    private static void copy(String name, Path folder) throws IOException {
        try (InputStream in = Fonts.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new IOException("resource " + RESOURCES + name + " is not in the jar");
            }
            Files.write(folder.resolve(name), in.readAllBytes());
        }
    }

    private static String configuration(Path folder) {
        String escaped = folder.toString().replace("&", "&amp;").replace("<", "&lt;");
        return String.join(
                "\n",
                "<?xml version=\"1.0\"?>",
                "<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">",
                "<fontconfig>",
                "  <include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>",
                "  <dir>" + escaped + "</dir>",
                "  <cachedir prefix=\"xdg\">fontconfig</cachedir>",
                "</fontconfig>",
                "");
    }
}
