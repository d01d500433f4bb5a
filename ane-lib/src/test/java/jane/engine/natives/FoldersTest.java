package jane.engine.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FoldersTest {
    private static void assertFolders(
            String home, String cache, Map<String, String> environment, boolean mac) {
        assertEquals(
                new Folders(Path.of(home), Path.of(cache)),
                Folders.of(environment, mac, "/home/ada"));
    }

    @Test
    void areThoseOfTheAccount() {
        assertFolders("/home/ada", "/home/ada/.cache/jane", Map.of(), false);
        assertFolders("/home/ada", "/home/ada/Library/Caches/jane", Map.of(), true);
    }

    @Test
    void followHomeAsJupyterDoes() {
        assertFolders("/data", "/data/.cache/jane", Map.of("HOME", "/data"), false);
        assertFolders("/home/ada", "/home/ada/.cache/jane", Map.of("HOME", "data"), false);
    }

    @Test
    void haveTheCacheWhereTheUserOrTheSystemWantsIt() {
        var xdg = Map.of("XDG_CACHE_HOME", "/quick");
        assertFolders("/home/ada", "/quick/jane", xdg, false);
        assertFolders("/home/ada", "/home/ada/Library/Caches/jane", xdg, true);
        assertFolders("/home/ada", "/big", Map.of("JANE_CACHE", "/big"), true);
        assertFolders("/home/ada", "/home/ada/.cache/jane", Map.of("JANE_CACHE", " "), false);
    }
}
