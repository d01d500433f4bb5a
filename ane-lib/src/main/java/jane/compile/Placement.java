package jane.compile;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Value;
import jane.target.Target;
import jane.target.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which nodes of a graph run on a Neural Engine target and which on the processor, and why. Nodes
 * that break a rule of the target run on the processor, as do those on fp32 and integers; the rest
 * is cut into programs, each of which the target takes whole.
 *
 * <pre>
 * x fp32 -> cast | -> matmul -> relu -> matmul | -> cast -> loss ...
 *   processor    |           m5                |     processor
 * </pre>
 */
public final class Placement {
    /** Floating-point operations below which a part without products is not worth a dispatch. */
    private static final long WORTH_A_DISPATCH = 1_000_000;

    private static final String NO_RULE = "";
    private static final String NO_SURFACE = "; surfaces hold fp16, and nothing empty";

    /**
     * Why a node runs on the processor.
     *
     * @param rule id of the rule it breaks; empty if it breaks none
     * @param why in words
     */
    public record Reason(String rule, String why) {}

    private final Target target;
    private final Graph graph;
    private final Map<Node<?>, Part.Side> sides = new IdentityHashMap<>();
    private final Map<Node<?>, Reason> reasons = new LinkedHashMap<>(); // nodes by identity
    private final Set<Node<?>> starts = new HashSet<>(); // of parts that were cut in two
    private final Set<Value> outputs = new HashSet<>(); // values compare by identity
    private List<Part> parts = List.of();

    private Placement(Graph graph, Target target) {
        this.graph = graph;
        this.target = target;
    }

    /**
     * Places a graph.
     *
     * @param graph after {@link Passes#run}
     */
    public static Placement of(Graph graph, Target target) {
        var placement = new Placement(graph, target);
        placement.place();
        return placement;
    }

    /** The programs in the order in which they run. */
    public List<Part> parts() {
        return parts;
    }

    /** The graph that was placed. */
    public Graph graph() {
        return graph;
    }

    /** The target it was placed for. */
    public Target target() {
        return target;
    }

    /** Where a node runs; a constant runs wherever it is read. */
    public Part.Side side(Node<?> node) {
        return sides.get(node);
    }

    /** Why nodes run on the processor, in the graph's order; those on the target have no entry. */
    public Map<Node<?>, Reason> reasons() {
        var ordered = new LinkedHashMap<Node<?>, Reason>();
        for (var node : graph.nodes()) {
            if (reasons.containsKey(node)) {
                ordered.put(node, reasons.get(node));
            }
        }
        return ordered;
    }

    /** The part of all floating-point operations that runs on the target, 0 to 1. */
    public double share() {
        long all = 0;
        long here = 0;
        for (var node : graph.nodes()) {
            all += node.flops();
            here += sides.get(node) == Part.Side.DEVICE ? node.flops() : 0;
        }
        return all == 0 ? 0 : (double) here / all;
    }

    /**
     * The ports of each part that runs on the target, a line each, where its route has rules on
     * them; empty on another route.
     */
    public List<String> surfaces() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < parts.size() && Passes.packs(target); i++) {
            if (parts.get(i).side() == Part.Side.DEVICE) {
                var own = SeparateOutputs.apply(parts.get(i).graph());
                lines.add("part " + (i + 1) + ": " + PackSurfaces.of(own, target));
            }
        }
        return lines;
    }

    private void place() {
        graph.nodes().forEach(node -> sides.put(node, Part.Side.DEVICE));
        graph.outputs().forEach(port -> outputs.add(port.value()));
        for (var node : graph.nodes()) {
            foreign(node)
                    .ifPresent(dtype -> host(node, new Reason(NO_RULE, "computes in " + dtype)));
        }
        target.check(graph).stream()
                .filter(v -> v.isError() && v.position() >= 0)
                .forEach(v -> host(graph.nodes().get(v.position()), reason(v)));
        do {
            parts = Partition.of(graph, sides, starts);
        } while (demote());
    }

    /** A type that the target has no arithmetic for. */
    static Optional<DType> foreign(Node<?> node) {
        if (node.out().isConst()) {
            return Optional.empty();
        }
        var values = new ArrayList<Value>(node.inputs());
        values.addAll(node.outputs());
        return values.stream()
                .map(Value::dtype)
                .filter(d -> d != DType.FP16 && d != DType.BOOL)
                .findFirst();
    }

    private static Reason reason(Violation v) {
        return new Reason(v.rule(), v.found() + "; need " + v.need());
    }

    private boolean host(Node<?> node, Reason reason) {
        if (node.out().isConst() || sides.put(node, Part.Side.HOST) == Part.Side.HOST) {
            return false;
        }
        reasons.put(node, reason);
        return true;
    }

    /** Moves to the processor what stands against a part running on the target. */
    private boolean demote() {
        boolean moved = false;
        for (var part : parts) {
            if (part.side() == Part.Side.DEVICE) {
                moved |= small(part) || broken(part);
            }
        }
        return moved;
    }

    private boolean small(Part part) {
        if (part.graph().flops() >= WORTH_A_DISPATCH) {
            return false;
        }
        var reason = new Reason(NO_RULE, "too little work between others for a dispatch");
        return hostAll(part, n -> true, reason);
    }

    private boolean broken(Part part) {
        boolean moved = false;
        for (var violation : errors(part.graph())) {
            if (violation.position() >= 0) {
                moved |= node(part, violation);
            } else if (!Passes.packs(target)) {
                moved |= port(part, violation, reason(violation));
            }
        }
        return moved || Passes.packs(target) && unpackable(part);
    }

    private List<Violation> errors(Graph graph) {
        return target.check(graph).stream().filter(Violation::isError).toList();
    }

    private boolean node(Part part, Violation violation) {
        var node = part.graph().nodes().get(violation.position());
        if (host(node, reason(violation))) {
            return true;
        }
        // The part's own copy of a constant or a bool: what reads it cannot stay.
        return hostAll(
                part, n -> n.inputs().stream().anyMatch(v -> v.node() == node), reason(violation));
    }

    /** Moves to the processor what cannot cross in surfaces, or breaks a rule once it is packed. */
    private boolean unpackable(Part part) {
        boolean moved = false;
        for (var port : part.graph().inputs()) {
            moved |= misfit(part, port, n -> n.inputs().contains(port.value()));
        }
        for (var port : part.graph().outputs()) {
            moved |= misfit(part, port, n -> n.outputs().contains(port.value()));
        }
        if (!moved) {
            for (var violation : errors(Passes.runPart(part.graph(), target))) {
                moved |= halved(part, violation) || hostAll(part, n -> true, reason(violation));
            }
        }
        return moved;
    }

    private boolean misfit(Part part, Graph.Port port, Predicate<Node<?>> users) {
        var type = port.value().type();
        var why = new Reason(NO_RULE, "crosses to the processor as " + type + NO_SURFACE);
        return !Surface.takes(type) && (hostAll(part, users, why) || hostAll(part, n -> true, why));
    }

    /** Answers a violation of an input, an output or the whole program. */
    private boolean port(Part part, Violation violation, Reason reason) {
        for (var port : part.graph().inputs()) {
            if (port.name().equals(violation.name())) {
                return hostAll(part, n -> n.inputs().contains(port.value()), reason);
            }
        }
        for (var port : part.graph().outputs()) {
            if (port.name().equals(violation.name())) {
                return hostAll(part, n -> n.outputs().contains(port.value()), reason);
            }
        }
        return halved(part, violation) || hostAll(part, n -> true, reason);
    }

    /** Makes two parts of one that is as a whole too much for a program, unless it is one node. */
    private boolean halved(Part part, Violation violation) {
        var middle = Partition.middle(part, outputs);
        boolean halves = violation.name().isEmpty() && middle.isPresent();
        if (halves) {
            starts.add(middle.get());
        }
        return halves;
    }

    private boolean hostAll(Part part, Predicate<Node<?>> which, Reason reason) {
        boolean moved = false;
        for (var node : part.graph().nodes()) {
            if (which.test(node)) {
                moved |= host(node, reason);
            }
        }
        return moved;
    }
}
