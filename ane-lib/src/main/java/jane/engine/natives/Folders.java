package jane.engine.natives;

import java.nio.file.Path;
import java.util.Map;

/**
 * The user's own folders.
 *
 * @param home {@code HOME}, as shells and Jupyter have it; what Java has, which is that of the
 *     user's account, only without it
 * @param cache {@code JANE_CACHE}, or by the system's custom: {@code ~/Library/Caches/jane} on
 *     macOS, {@code $XDG_CACHE_HOME/jane} or {@code ~/.cache/jane} elsewhere
 */
public record Folders(Path home, Path cache) {
    /** Those of this process. */
    public static Folders current() {
        return of(
                System.getenv(),
                System.getProperty("os.name").startsWith("Mac"),
                System.getProperty("user.home"));
    }

    /** Those of an environment, with the home of the user's account. */
    public static Folders of(Map<String, String> environment, boolean mac, String account) {
        Path home = chosen(environment, "HOME", Path.of(account));
        Path caches =
                mac
                        ? home.resolve("Library/Caches")
                        : chosen(environment, "XDG_CACHE_HOME", home.resolve(".cache"));
        String cache = environment.getOrDefault("JANE_CACHE", "").strip();
        return new Folders(home, cache.isEmpty() ? caches.resolve("jane") : Path.of(cache));
    }

    /** Relative ones are not taken: what they mean would change with the working folder. */
    private static Path chosen(Map<String, String> environment, String name, Path usual) {
        Path path = Path.of(environment.getOrDefault(name, ""));
        return path.isAbsolute() ? path : usual;
    }
}
