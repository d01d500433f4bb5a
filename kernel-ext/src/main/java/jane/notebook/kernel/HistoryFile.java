package jane.notebook.kernel;

import jane.engine.natives.Folders;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the cells of earlier sessions are kept. */
final class HistoryFile {
    private HistoryFile() {}

    /**
     * {@code JANE_HISTORY}, where {@code off} means none; else by the system's custom: {@code
     * ~/Library/Application Support/jane} on macOS, {@code $XDG_STATE_HOME/jane} elsewhere.
     */
    static Optional<Path> path(Map<String, String> environment) {
        String chosen = environment.getOrDefault("JANE_HISTORY", "");
        if (chosen.equals("off")) {
            return Optional.empty();
        }
        if (!chosen.isEmpty()) {
            return Optional.of(Path.of(chosen).toAbsolutePath());
        }
        Path home = Folders.current().home();
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? home.resolve(".local/state") : Path.of(state);
        Path folder = mac ? home.resolve("Library/Application Support") : base;
        return Optional.of(folder.resolve("jane").resolve("history.jsonl"));
    }
}
