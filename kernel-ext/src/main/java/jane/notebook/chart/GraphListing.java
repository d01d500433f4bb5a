package jane.notebook.chart;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A graph in words: a sentence, and a line per op. */
final class GraphListing {
    private static final int MOST_LINES = 200;
    private static final int MOST_NAMES = 6;

    private final Graph graph;
    private final Predicate<Value> forward;
    private final Set<String> parameters;
    private final Map<Value, String> names = new IdentityHashMap<>();

    GraphListing(Graph graph, Predicate<Value> forward, Set<String> parameters) {
        this.graph = graph;
        this.forward = forward;
        this.parameters = parameters;
    }

    /** Shape, and the element type where it is not the usual one. */
    static String type(TensorType type) {
        return type.dtype() == DType.FP32
                ? type.shape().toString()
                : type.dtype() + " " + type.shape();
    }

    private boolean isForward(Node<?> node) {
        return node.outputs().stream().anyMatch(forward);
    }

    private List<Node<?>> ops() {
        return graph.nodes().stream().filter(n -> n.op() != Leaf.CONST).toList();
    }

    String sentence() {
        var ops = ops();
        long first = ops.stream().filter(this::isForward).count();
        var out = new StringBuilder();
        out.append(ops.size()).append(ops.size() == 1 ? " op" : " ops");
        if (first < ops.size()) {
            out.append(", ").append(first).append(" forward and ");
            out.append(ops.size() - first).append(" backward");
        }
        var data = ports(graph.inputs(), false);
        var trained = ports(graph.inputs(), true);
        out.append(", from ").append(data.isEmpty() ? "no inputs" : listed(data));
        if (!trained.isEmpty()) {
            out.append(" and ").append(trained.size());
            out.append(trained.size() == 1 ? " parameter" : " parameters");
        }
        out.append(" to ").append(listed(graph.outputs().stream().map(Graph.Port::name).toList()));
        if (!ops.isEmpty()) {
            out.append("; most used: ").append(mostUsed(ops));
        }
        return out.append('.').toString();
    }

    private List<String> ports(List<Graph.Port> ports, boolean trained) {
        return ports.stream()
                .map(Graph.Port::name)
                .filter(name -> parameters.contains(name) == trained)
                .toList();
    }

    private static String listed(List<String> names) {
        int more = names.size() - MOST_NAMES;
        var told = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
        return more > 0 ? told + " and " + more + " more" : told;
    }

    private static String mostUsed(List<Node<?>> ops) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        ops.forEach(n -> counts.merge(n.op().name(), 1, Integer::sum));
        return counts.entrySet().stream()
                .sorted((a, b) -> b.getValue() - a.getValue())
                .limit(3)
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        for (var port : graph.inputs()) {
            names.put(port.value(), port.name());
            var kind = parameters.contains(port.name()) ? "parameter " : "input ";
            lines.add(kind + port.name() + " " + type(port.value().type()));
        }
        var part = "";
        int number = 0;
        for (var node : ops()) {
            var now = isForward(node) ? "forward" : "backward";
            if (!now.equals(part)) {
                lines.add(now);
                part = now;
            }
            for (var out : node.outputs()) {
                names.put(out, graph.names().getOrDefault(out, "%" + number++));
            }
            lines.add("    " + line(node));
        }
        for (var port : graph.outputs()) {
            lines.add("output " + port.name() + " = " + name(port.value()));
        }
        return shortened(lines);
    }

    private String line(Node<?> node) {
        var inputs = node.inputs().stream().map(this::name).collect(Collectors.joining(", "));
        var outputs = node.outputs().stream().map(this::name).collect(Collectors.joining(", "));
        return outputs
                + " = "
                + node.op().name()
                + "("
                + inputs
                + ") "
                + node.outputs().stream()
                        .map(v -> type(v.type()))
                        .collect(Collectors.joining(", "));
    }

    private String name(Value value) {
        if (value.isConst()) {
            return value.shape().size() == 1
                    ? Figures.of(Leaf.data(value).get(0))
                    : "const " + type(value.type());
        }
        return names.getOrDefault(value, "?");
    }

    /** The beginning and the end of many lines. */
    private static List<String> shortened(List<String> lines) {
        if (lines.size() <= MOST_LINES) {
            return lines;
        }
        int each = MOST_LINES / 2;
        var out = new ArrayList<>(lines.subList(0, each));
        out.add("    … " + (lines.size() - 2 * each) + " more lines …");
        out.addAll(lines.subList(lines.size() - each, lines.size()));
        return out;
    }
}
