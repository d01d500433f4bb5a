package jane.mil;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Variable names of one printed function. Ports keep theirs; other values have the graph's name for
 * them, else {@code <op>_<n>}, counting per op; an attribute's constant is {@code <value>_<param>}.
 * A name that is taken gets the next free {@code _<n>}. The same graph always gets the same names.
 */
final class Names {
    /** Words a compiler could take for a type or a bracketed form. */
    private static final Set<String> WORDS =
            Set.of(
                    "program",
                    "func",
                    "tensor",
                    "state",
                    "dict",
                    "list",
                    "tuple",
                    "string",
                    "bool",
                    "fp16",
                    "fp32",
                    "bf16",
                    "int4",
                    "uint4",
                    "int8",
                    "uint8",
                    "int16",
                    "uint16",
                    "int32",
                    "uint32",
                    "int64",
                    "uint64",
                    "true",
                    "false",
                    "BLOBFILE",
                    "inf",
                    "nan");

    private final Set<String> taken = new HashSet<>();
    private final Map<Value, String> names = new IdentityHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * @param states inputs whose name is that of a state, and whose value needs another
     */
    Names(Graph graph, Collection<String> states) {
        graph.inputs().forEach(port -> port(port, "input"));
        graph.outputs().forEach(port -> port(port, "output"));
        for (var port : graph.inputs()) {
            if (states.contains(port.name())) {
                names.put(port.value(), free(port.name() + "_value"));
            }
        }
        for (var node : graph.nodes()) {
            for (var value : node.outputs()) {
                var given = graph.names().get(value);
                if (given != null && !names.containsKey(value)) {
                    names.put(value, free(sanitized(given)));
                }
            }
        }
        for (var node : graph.nodes()) {
            node.outputs().forEach(this::generate);
        }
    }

    private void port(Graph.Port port, String kind) {
        if (WORDS.contains(port.name())) {
            throw new JaneException(
                    "mil", "%s '%s' is a word of MIL; need another name", kind, port.name());
        }
        if (!taken.add(port.name())) {
            throw new JaneException(
                    "mil", "'%s' names both an input and an output; need two names", port.name());
        }
        names.put(port.value(), port.name());
    }

    private void generate(Value value) {
        if (!names.containsKey(value)) {
            names.put(value, counted(sanitized(value.node().op().name())));
        }
    }

    private String counted(String stem) {
        String name;
        do {
            name = stem + "_" + (counts.merge(stem, 1, Integer::sum) - 1);
        } while (!taken.add(name));
        return name;
    }

    private String free(String name) {
        return taken.add(name) ? name : counted(name);
    }

    /** The variable of a value. */
    String of(Value value) {
        return names.get(value);
    }

    /** Variables of several values. */
    List<String> of(List<Value> values) {
        return values.stream().map(this::of).toList();
    }

    /** A new variable for the constant that attribute {@code param} of {@code value} reads. */
    String attribute(String value, String param) {
        return free(sanitized(value + "_" + param));
    }

    private static String sanitized(String name) {
        String clean = name.replaceAll("[^A-Za-z0-9_]", "_");
        boolean unfit = clean.isEmpty() || clean.matches("[0-9].*") || WORDS.contains(clean);
        return unfit ? "v_" + clean : clean;
    }
}
