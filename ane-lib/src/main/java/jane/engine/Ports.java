package jane.engine;

import jane.ir.JaneException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Checks the buffers that a program is bound to. */
public final class Ports {
    private Ports() {}

    /** Refuses missing or unknown names, other types, and shared buffers without an alias. */
    public static void check(
            Map<String, TensorType> inputs,
            Map<String, TensorType> outputs,
            Map<String, String> aliases,
            Map<String, Buffer> buffers) {
        var names = new TreeSet<String>(inputs.keySet());
        names.addAll(outputs.keySet());
        if (!names.equals(buffers.keySet())) {
            throw new JaneException(
                    "bind",
                    "buffers for %s; need one for each of %s",
                    new TreeSet<>(buffers.keySet()),
                    names);
        }
        inputs.forEach((name, type) -> checkType(name, type, buffers.get(name)));
        outputs.forEach((name, type) -> checkType(name, type, buffers.get(name)));
        checkSharing(inputs, outputs, aliases, buffers);
    }

    /** Refuses a buffer of another type. */
    public static void checkType(String name, TensorType type, Buffer buffer) {
        if (!buffer.type().equals(type)) {
            throw new ShapeException(
                    "bind", "'%s' is bound to a buffer of %s; need %s", name, buffer.type(), type);
        }
    }

    private static void checkSharing(
            Map<String, TensorType> inputs,
            Map<String, TensorType> outputs,
            Map<String, String> aliases,
            Map<String, Buffer> buffers) {
        Map<Buffer, List<String>> readers = new IdentityHashMap<>();
        inputs.keySet()
                .forEach(
                        n ->
                                readers.computeIfAbsent(buffers.get(n), b -> new ArrayList<>())
                                        .add(n));
        Map<Buffer, String> writers = new IdentityHashMap<>();
        for (var out : outputs.keySet()) {
            var buffer = buffers.get(out);
            var others = new ArrayList<>(readers.getOrDefault(buffer, List.of()));
            others.remove(aliases.getOrDefault(out, ""));
            var other = writers.put(buffer, out);
            if (other != null) {
                others.add(other);
            }
            if (!others.isEmpty()) {
                throw new JaneException(
                        "bind",
                        "output '%s' shares its buffer with %s; need a buffer of its own, or an"
                                + " alias declared by the program",
                        out,
                        others);
            }
        }
    }
}
