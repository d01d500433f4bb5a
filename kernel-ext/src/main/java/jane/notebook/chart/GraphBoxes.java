package jane.notebook.chart;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What to draw of a graph: a box for each op or run of ops, and for each input where it is read.
 */
final class GraphBoxes {
    /** What a box stands for; its colour. */
    enum Kind {
        INPUT,
        PARAMETER,
        CONSTANT,
        FORWARD,
        BACKWARD
    }

    /** One box; its sources are the boxes that arrows come from. */
    static final class Box {
        final Kind kind;
        final String title;
        final String type;
        final List<String> outputs = new ArrayList<>();
        final Set<Box> sources = new LinkedHashSet<>();
        int layer;

        Box(Kind kind, String title, String type) {
            this.kind = kind;
            this.title = title;
            this.type = type;
        }

        boolean isLeaf() {
            return kind != Kind.FORWARD && kind != Kind.BACKWARD;
        }
    }

    /** Consumers at most this many layers apart share one box of what they read. */
    private static final int NEAR = 2;

    private static final int LIGHT_FLOPS = 4;

    /** Never part of a run, however small: what a reader looks for. */
    private static final Set<String> LANDMARKS =
            Set.of("matmul", "linear", "conv", "conv_transpose", "softmax", "cross_entropy");

    private static final int TOLD_OPS = 2;

    private final Graph graph;
    private final Predicate<Value> forward;
    private final Set<String> parameters;
    private final Map<Node<?>, Node<?>> root = new IdentityHashMap<>();
    private final Map<Node<?>, List<Node<?>>> members = new LinkedHashMap<>();
    private final Map<Node<?>, Box> boxes = new LinkedHashMap<>();
    private final Map<Value, Set<Box>> readers = new LinkedHashMap<>();
    private final List<Box> all = new ArrayList<>();

    private GraphBoxes(Graph graph, Predicate<Value> forward, Set<String> parameters) {
        this.graph = graph;
        this.forward = forward;
        this.parameters = parameters;
    }

    static GraphBoxes of(
            Graph graph, Predicate<Value> forward, Set<String> parameters, boolean merged) {
        var boxes = new GraphBoxes(graph, forward, parameters);
        boxes.group(merged);
        boxes.connect();
        boxes.layers();
        boxes.leaves();
        return boxes;
    }

    /** All boxes; each after its sources, leaves last. */
    List<Box> all() {
        return all;
    }

    /** Boxes that are ops. */
    int ops() {
        return boxes.size();
    }

    /** Joins a light op to its only reader, where that is light and of the same part as well. */
    private void group(boolean merged) {
        var count = graph.readers();
        Map<Value, Node<?>> reader = new IdentityHashMap<>();
        graph.nodes().forEach(n -> n.inputs().forEach(v -> reader.put(v, n)));
        var nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            var node = nodes.get(i);
            if (node.op() == Leaf.CONST) {
                continue;
            }
            var next = reader.get(node.outputs().get(0));
            boolean joins =
                    merged
                            && next != null
                            && count.getOrDefault(node.outputs().get(0), 0) == 1
                            && light(node)
                            && light(next)
                            && part(node) == part(next);
            root.put(node, joins ? root.get(next) : node);
        }
        for (var node : nodes) {
            if (root.containsKey(node)) {
                members.computeIfAbsent(root.get(node), r -> new ArrayList<>()).add(node);
            }
        }
    }

    private static boolean light(Node<?> node) {
        return node.outputs().size() == 1
                && !LANDMARKS.contains(node.op().name())
                && node.flops() <= (long) LIGHT_FLOPS * Math.max(1, node.out().shape().size());
    }

    private Kind part(Node<?> node) {
        return node.outputs().stream().anyMatch(forward) ? Kind.FORWARD : Kind.BACKWARD;
    }

    private void connect() {
        for (var node : graph.nodes()) {
            if (root.get(node) == node) {
                var box = box(node, members.get(node));
                boxes.put(node, box);
                members.get(node).forEach(member -> read(member, box));
            }
        }
        all.addAll(boxes.values());
        for (var port : graph.outputs()) {
            var box = boxes.get(root.get(port.value().node()));
            if (box != null) {
                box.outputs.add(port.name());
            }
        }
    }

    private void read(Node<?> member, Box box) {
        for (var value : member.inputs()) {
            var maker = root.get(value.node());
            if (maker == null || isInput(value)) {
                readers.computeIfAbsent(value, v -> new LinkedHashSet<>()).add(box);
            } else if (boxes.containsKey(maker) && boxes.get(maker) != box) {
                box.sources.add(boxes.get(maker));
            }
        }
    }

    private boolean isInput(Value value) {
        return graph.inputs().stream().anyMatch(port -> port.value() == value);
    }

    private Box box(Node<?> node, List<Node<?>> run) {
        var names = new LinkedHashSet<String>();
        run.forEach(n -> names.add(n.op().name()));
        var title = label(node);
        if (run.size() > 1) {
            var told = names.stream().limit(TOLD_OPS).toList();
            title =
                    String.join(", ", told)
                            + (names.size() > TOLD_OPS ? ", …" : "")
                            + " ("
                            + run.size()
                            + " ops)";
        }
        return new Box(part(node), title, GraphListing.type(node.outputs().get(0).type()));
    }

    /** The op; with its scalar constants in their places, if it has any. */
    private static String label(Node<?> node) {
        if (node.inputs().stream().noneMatch(GraphBoxes::isScalar)) {
            return node.op().name();
        }
        return node.op().name()
                + node.inputs().stream()
                        .map(v -> isScalar(v) ? Figures.of(Leaf.data(v).get(0), 3) : "·")
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static boolean isScalar(Value value) {
        return value.isConst() && value.shape().size() == 1;
    }

    /** As early as possible; then what has more readers than sources moves down to the readers. */
    private void layers() {
        Map<Box, List<Box>> after = new IdentityHashMap<>();
        for (var box : all) {
            box.layer = 1 + box.sources.stream().mapToInt(s -> s.layer).max().orElse(0);
            box.sources.forEach(s -> after.computeIfAbsent(s, k -> new ArrayList<>()).add(box));
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            var box = all.get(i);
            var next = after.getOrDefault(box, List.of());
            if (next.size() > box.sources.size()) {
                box.layer = next.stream().mapToInt(b -> b.layer).min().orElseThrow() - 1;
            }
        }
    }

    private void leaves() {
        Map<Value, Graph.Port> ports = new IdentityHashMap<>();
        graph.inputs().forEach(port -> ports.put(port.value(), port));
        for (var entry : readers.entrySet()) {
            var value = entry.getKey();
            if (!isScalar(value) || ports.containsKey(value)) {
                var port = ports.get(value);
                leaf(value, port == null ? "const" : port.name(), entry.getValue());
            }
        }
        for (var port : graph.outputs()) {
            if (ports.containsKey(port.value()) && !readers.containsKey(port.value())) {
                leaf(port.value(), ports.get(port.value()).name(), Set.of());
            }
        }
    }

    /** A box of a leaf for each cluster of its readers. */
    private void leaf(Value value, String name, Set<Box> by) {
        var type = GraphListing.type(value.type());
        var kind =
                value.isConst()
                        ? Kind.CONSTANT
                        : parameters.contains(name) ? Kind.PARAMETER : Kind.INPUT;
        var sorted = by.stream().sorted(Comparator.comparingInt(b -> b.layer)).toList();
        var box = new Box(kind, name, type);
        int from = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).layer - sorted.get(from).layer > NEAR) {
                all.add(box);
                box = new Box(kind, name, type);
                from = i;
            }
            box.layer = sorted.get(from).layer - 1;
            sorted.get(i).sources.add(box);
        }
        for (var port : graph.outputs()) {
            if (port.value() == value) {
                box.outputs.add(port.name());
            }
        }
        all.add(box);
    }
}
