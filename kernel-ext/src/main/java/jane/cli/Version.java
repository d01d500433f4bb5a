package jane.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints: Jane's version, as the build wrote it, and the Java it runs on.
 */
final class Version implements IVersionProvider {
    Version() {}

    @Override
    public String[] getVersion() {
        return new String[] {"jane " + jane(), "java " + Runtime.version()};
    }

    static String jane() {
        var properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("[version] cannot read version.properties", e);
        }
        return properties.getProperty("version");
    }
}
