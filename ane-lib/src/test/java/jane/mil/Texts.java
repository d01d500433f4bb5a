package jane.mil;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Programs in files beside the tests, as other generators write them. */
final class Texts {
    private Texts() {}

    static String read(String name) throws IOException {
        return StandardCharsets.UTF_8.decode(bytes(name)).toString();
    }

    static ByteBuffer bytes(String name) throws IOException {
        try (var stream = Texts.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new FileNotFoundException(name);
            }
            return ByteBuffer.wrap(stream.readAllBytes());
        }
    }
}
