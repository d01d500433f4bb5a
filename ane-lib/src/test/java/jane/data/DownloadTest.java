package jane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import jane.ir.DataException;
import jane.ir.JaneException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine's loopback address. */
class DownloadTest {
    private static final byte[] ONE = bytes(700_000, 1);
    private static final byte[] TWO = bytes(1000, 2);

    @TempDir private Path cache;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    private static byte[] bytes(int count, long seed) {
        var data = new byte[count];
        new SplittableRandom(seed).nextBytes(data);
        return data;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        serve("/good/one", ONE, ONE.length);
        serve("/good/two", TWO, TWO.length);
        serve("/wrong/one", bytes(700_000, 3), 700_000);
        serve("/long/one", bytes(700_001, 3), 700_001);
        serve("/short/one", bytes(100, 3), 100);
        serve("/cut/one", bytes(300_000, 3), 700_000); // promises more than it sends
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(String path, byte[] body, int length) {
        server.createContext(
                path,
                exchange -> {
                    asked.add(path);
                    try (exchange) {
                        exchange.sendResponseHeaders(200, length);
                        exchange.getResponseBody().write(body);
                    }
                });
    }

    private Catalogue catalogue(String... mirrors) {
        var base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        var uris = new ArrayList<URI>();
        for (var mirror : mirrors) {
            uris.add(URI.create(base + mirror + "/"));
        }
        return new Catalogue("fake", uris, List.of(file("one", ONE), file("two", TWO)));
    }

    private static Catalogue.File file(String name, byte[] content) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new Catalogue.File(name, content.length, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private Path run(Catalogue catalogue) {
        return new Download(catalogue, cache, (file, done, total) -> {}).run();
    }

    private List<String> files() throws IOException {
        try (var list = Files.list(cache.resolve("fake"))) {
            return list.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void fetchesEachFileOnceAndTellsHowFarItIs() throws IOException {
        var told = new ArrayList<String>();
        var folder =
                new Download(
                                catalogue("good"),
                                cache,
                                (file, done, total) -> told.add(file + " " + done * 100 / total))
                        .run();
        assertArrayEquals(ONE, Files.readAllBytes(folder.resolve("one")));
        assertArrayEquals(TWO, Files.readAllBytes(folder.resolve("two")));
        assertTrue(told.contains("one 100") && told.contains("two 100") && told.size() > 3);
        run(catalogue("good"));
        assertEquals(List.of("/good/one", "/good/two"), asked);
    }

    @Test
    void goesOnToTheNextMirrorUntilOneIsRight() throws IOException {
        var folder = run(catalogue("nowhere", "wrong", "long", "short", "cut", "good"));
        assertArrayEquals(ONE, Files.readAllBytes(folder.resolve("one")));
        assertEquals(List.of("one", "two"), files());
        assertEquals(6, asked.size()); // nowhere has nobody to note it
    }

    @Test
    void readsFromFileMirrorsToo() throws IOException {
        var source = Files.createDirectory(cache.resolve("source"));
        Files.write(source.resolve("one"), ONE);
        Files.write(source.resolve("two"), TWO);
        var files = List.of(file("one", ONE), file("two", TWO));
        run(new Catalogue("fake", List.of(source.toUri()), files));
        assertEquals(List.of("one", "two"), files());
    }

    @Test
    void whenAllFailEachMirrorsFaultIsNamedAndNothingIsLeft() throws IOException {
        var error =
                assertThrows(
                        DataException.class, () -> run(catalogue("nowhere", "wrong", "short")));
        var base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        var found = file("one", bytes(700_000, 3)).sha256();
        assertEquals(
                "[fake] one could not be fetched: "
                        + base
                        + "nowhere/one: answered HTTP 404; "
                        + base
                        + "wrong/one: has SHA-256 "
                        + found
                        + "; need "
                        + file("one", ONE).sha256()
                        + "; "
                        + base
                        + "short/one: ended after 100 of 700000 bytes. Need a connection to one of"
                        + " them, or the file in "
                        + cache.resolve("fake"),
                error.getMessage());
        assertEquals(List.of(), files());
    }

    @Test
    void aDamagedFileIsFetchedAgainAndTheOthersStay() throws IOException {
        var folder = run(catalogue("good"));
        var damaged = TWO.clone();
        damaged[500] ^= 1;
        Files.write(folder.resolve("two"), damaged);
        asked.clear();
        run(catalogue("good"));
        assertArrayEquals(TWO, Files.readAllBytes(folder.resolve("two")));
        assertEquals(List.of("/good/two"), asked);
    }

    @Test
    void anInterruptEndsItAndTheNextCallGoesOn() throws IOException {
        assertInterruptible("one", List.of());
        assertInterruptible("two", List.of("one"));
        asked.clear();
        run(catalogue("good"));
        assertEquals(List.of("/good/two"), asked);
        assertEquals(List.of("one", "two"), files());
    }

    /** Interrupts at the first news of a file; {@code kept} is there afterwards. */
    private void assertInterruptible(String during, List<String> kept) throws IOException {
        var download =
                new Download(
                        catalogue("good"),
                        cache,
                        (file, done, total) -> {
                            if (file.equals(during)) {
                                Thread.currentThread().interrupt();
                            }
                        });
        var error = assertThrows(DataException.class, download::run);
        assertTrue(Thread.interrupted(), "the flag stays up");
        assertEquals(
                "[fake] the download was interrupted; what was fetched whole is kept, ask again for"
                        + " the rest",
                error.getMessage());
        assertEquals(kept, files());
    }

    @Test
    void theCatalogueIsComplete() {
        assertEquals(List.of("mnist", "fashion-mnist"), Downloads.names());
        for (var catalogue : Catalogue.ALL) {
            assertEquals(4, catalogue.files().size());
            assertTrue(catalogue.mirrors().size() >= 2);
            for (var file : catalogue.files()) {
                assertTrue(file.sha256().matches("[0-9a-f]{64}"), file.toString());
            }
        }
        assertEquals(
                "[download] no data set 'cifar'; need one of [mnist, fashion-mnist]",
                assertThrows(JaneException.class, () -> Downloads.fetch("cifar")).getMessage());
    }
}
