package jane.engine.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Libraries that come with the program as resources, each with its SHA-256 from a list in the form
 * of {@code sha256sum}.
 */
final class Bundle {
    /** One file: where the resource is and what it must hash to. */
    record Entry(String resource, String sha256) {
        String name() {
            return resource.substring(resource.lastIndexOf('/') + 1);
        }
    }

    private final String root;
    private final String remedy;
    private final List<Entry> entries;
    private final Function<String, InputStream> resources;

    private Bundle(
            String root,
            String remedy,
            List<Entry> entries,
            Function<String, InputStream> resources) {
        this.root = root;
        this.remedy = remedy;
        this.entries = entries;
        this.resources = resources;
    }

    /**
     * Reads the list.
     *
     * @param list a resource; the names in it are relative to {@code root}
     * @param remedy what to do if a file is missing or damaged
     * @param resources gives a resource by its absolute name, or null if there is none
     */
    static Bundle read(
            String list, String root, String remedy, Function<String, InputStream> resources) {
        try (var in = resources.apply(list)) {
            if (in == null) {
                throw new NativeException(
                        "this copy of Jane comes without native libraries: it has no resource %s;"
                                + " build it with ./install.sh",
                        list);
            }
            var entries = new ArrayList<Entry>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\\s+", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> entries.add(new Entry(parts[1], parts[0])));
            return new Bundle(root, remedy, List.copyOf(entries), resources);
        } catch (IOException e) {
            throw new NativeException(
                    e, "cannot read the resource %s: %s; %s", list, e.getMessage(), remedy);
        }
    }

    /** The files whose names begin with {@code prefix}, in the order of the list. */
    List<Entry> below(String prefix) {
        return entries.stream().filter(e -> e.resource().startsWith(prefix)).toList();
    }

    /** What to do if a file is missing or damaged. */
    String remedy() {
        return remedy;
    }

    /** Opens the resource of an entry. */
    InputStream open(Entry entry) {
        var in = resources.apply(root + entry.resource());
        if (in == null) {
            throw new NativeException(
                    "the resource %s%s is missing; %s", root, entry.resource(), remedy);
        }
        return in;
    }
}
