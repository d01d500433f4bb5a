package jane.engine.natives;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** A process that unpacks the same file into many folders, to meet another one that does. */
final class UnpackMain {
    private UnpackMain() {}

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 50; round++) {
            var content = new byte[100_000 + round];
            var digest = MessageDigest.getInstance("SHA-256").digest(content);
            var line = HexFormat.of().formatHex(digest) + "  here/libx.so\n";
            var bundle =
                    Bundle.read(
                            "/list",
                            "/",
                            "",
                            name ->
                                    new ByteArrayInputStream(
                                            name.equals("/list")
                                                    ? line.getBytes(StandardCharsets.UTF_8)
                                                    : content));
            var file = new Unpacker(Path.of(args[0])).unpack(bundle, bundle.below("here/")).get(0);
            if (!Arrays.equals(content, Files.readAllBytes(file))) {
                throw new IllegalStateException("round " + round + ": " + file + " is not whole");
            }
        }
    }
}
