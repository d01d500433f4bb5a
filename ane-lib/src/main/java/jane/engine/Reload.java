package jane.engine;

import jane.ir.JaneException;
import jane.mil.Program;
import jane.target.Route;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What engines check before they load a program again from weight files that were overwritten in
 * place, without compiling it.
 */
public final class Reload {
    private Reload() {}

    /**
     * Refuses a route that has no such thing.
     *
     * @throws JaneException on {@link Route#E5RT}
     */
    public static void requireRoute(String engine, Route route) {
        if (route != Route.IN_MEMORY) {
            throw new JaneException(
                    engine,
                    "the route %s has no reload without compiling; compile the program again, or"
                            + " use a target such as m5/inmem",
                    route.word());
        }
    }

    /**
     * {@code program} with other weights.
     *
     * @param files new contents by path, each of the size that it had
     * @throws JaneException if a file is not one of the program's, or of another size
     */
    public static Program overwritten(
            String engine, Program program, Map<String, ByteBuffer> files) {
        var all = new LinkedHashMap<>(program.files());
        files.forEach(
                (path, bytes) -> {
                    var old = all.get(path);
                    if (old == null || old.remaining() != bytes.remaining()) {
                        throw new JaneException(
                                engine,
                                "'%s' with %d bytes cannot be overwritten in place; need one of %s",
                                path,
                                bytes.remaining(),
                                sizes(program));
                    }
                    all.put(path, bytes);
                });
        return program.withFiles(all);
    }

    private static Map<String, Integer> sizes(Program program) {
        var sizes = new TreeMap<String, Integer>();
        program.files().forEach((path, bytes) -> sizes.put(path, bytes.remaining()));
        return sizes;
    }
}
