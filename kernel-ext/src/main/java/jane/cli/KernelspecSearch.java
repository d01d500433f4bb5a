package jane.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the kernelspec {@code jane} where Jupyter would look. Source: "Common Directories and File
 * Locations" of jupyter_core.
 */
final class KernelspecSearch {
    private final List<Path> folders;

    KernelspecSearch(Machine machine) {
        Map<String, String> environment = machine.environment();
        var data = new ArrayList<Path>();
        addAll(data, environment.getOrDefault("JUPYTER_PATH", ""));
        addAll(data, environment.getOrDefault("JUPYTER_DATA_DIR", ""));
        data.add(userData(machine));
        for (String prefix : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String folder = environment.getOrDefault(prefix, "");
            if (!folder.isEmpty()) {
                data.add(Path.of(folder, "share/jupyter"));
            }
        }
        data.add(Path.of("/usr/local/share/jupyter"));
        data.add(Path.of("/usr/share/jupyter"));
        folders = data.stream().map(folder -> folder.resolve("kernels")).distinct().toList();
    }

    /** Where it looks, first match wins. */
    List<Path> folders() {
        return folders;
    }

    /** The {@code kernel.json} of the kernel {@code jane}. */
    Optional<Path> find() {
        return folders.stream()
                .map(folder -> folder.resolve("jane/kernel.json"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Why Jupyter could not start what this file says; empty when the files it names exist. */
    static Optional<String> broken(Path kernelJson) {
        try {
            JsonElement root = JsonParser.parseString(Files.readString(kernelJson));
            if (!(root instanceof JsonObject spec)
                    || !(spec.get("argv") instanceof JsonArray argv)
                    || argv.isEmpty()) {
                return Optional.of("it has no argv");
            }
            return argv.asList().stream()
                    .filter(JsonElement::isJsonPrimitive)
                    .map(JsonElement::getAsString)
                    .filter(word -> word.startsWith("/"))
                    .filter(word -> !new File(word).exists()) // not Path, which throws on NUL
                    .map(word -> "it starts " + word + ", which does not exist")
                    .findFirst();
        } catch (IOException | JsonParseException unreadable) {
            return Optional.of("unreadable: " + unreadable.getMessage());
        }
    }

    private static Path userData(Machine machine) {
        if (machine.system().mac()) {
            return machine.home().resolve("Library/Jupyter");
        }
        String xdg = machine.environment().getOrDefault("XDG_DATA_HOME", "");
        Path data = xdg.isEmpty() ? machine.home().resolve(".local/share") : Path.of(xdg);
        return data.resolve("jupyter");
    }

    private static void addAll(List<Path> data, String searchPath) {
        for (String folder : searchPath.split(":")) {
            if (!folder.isEmpty()) {
                data.add(Path.of(folder));
            }
        }
    }
}
