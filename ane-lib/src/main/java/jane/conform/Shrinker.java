package jane.conform;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Makes a failing graph smaller while it fails in the same way: fewer outputs, fewer nodes, smaller
 * dimensions, plainer numbers.
 */
final class Shrinker {
    private static final int MOST_CHECKS = 600;

    private final Function<Sketch, Optional<Found>> check;
    private final Failure.Kind kind;
    private Sketch best;
    private Found found;
    private int checks;

    private Shrinker(Sketch sketch, Found found, Function<Sketch, Optional<Found>> check) {
        this.check = check;
        this.kind = found.kind();
        this.best = sketch;
        this.found = found;
    }

    /** The failure of the smallest graph found. */
    static Found shrink(Sketch sketch, Found found, Function<Sketch, Optional<Found>> check) {
        var shrinker = new Shrinker(sketch, found, check);
        while (shrinker.round()) {}
        return shrinker.found;
    }

    private boolean round() {
        boolean any = false;
        for (boolean better = true; better; any |= better) {
            better = first(fewerOutputs()) || first(earlierOutputs()) || first(cuts());
        }
        for (boolean better = true; better; any |= better) {
            better = first(smallerDims());
        }
        return any | first(plainerNumbers());
    }

    /** Takes the first of some smaller graphs that still fails. */
    private boolean first(List<Maker> candidates) {
        for (var maker : candidates) {
            if (checks >= MOST_CHECKS) {
                return false;
            }
            try {
                var smaller = maker.make();
                Evaluation.exact(smaller.graph(), smaller.feeds()); // an index may be out of range
                checks++;
                var still = check.apply(smaller);
                if (still.isPresent() && same(still.get())) {
                    best = smaller;
                    found = still.get();
                    return true;
                }
            } catch (JaneException e) {
                // an op does not take the smaller operands: another candidate
            }
        }
        return false;
    }

    /** Of the same kind; errors must also begin alike. */
    private boolean same(Found other) {
        int begin = Math.min(60, Math.min(other.message().length(), found.message().length()));
        return other.kind() == kind
                && (kind != Failure.Kind.THREW
                        || other.message().startsWith(found.message().substring(0, begin)));
    }

    private interface Maker {
        Sketch make();
    }

    /** A graph without the inputs that nothing needs. */
    private Sketch trimmed(
            List<Graph.Port> inputs, List<Graph.Port> outputs, Map<String, Dense> feeds) {
        var whole = Graph.of(inputs, outputs);
        var read = whole.readers();
        var needed = inputs.stream().filter(p -> read.containsKey(p.value())).toList();
        var fed = new LinkedHashMap<String, Dense>();
        needed.forEach(p -> fed.put(p.name(), feeds.get(p.name())));
        return best.with(Graph.of(needed, outputs), fed);
    }

    private List<Maker> fewerOutputs() {
        var makers = new ArrayList<Maker>();
        var outputs = best.graph().outputs();
        if (outputs.size() > 1) {
            for (var port : outputs) {
                makers.add(() -> trimmed(best.graph().inputs(), List.of(port), best.feeds()));
            }
            for (var port : outputs) {
                var others = outputs.stream().filter(p -> p != port).toList();
                makers.add(() -> trimmed(best.graph().inputs(), others, best.feeds()));
            }
        }
        return makers;
    }

    /** The value of an inner node instead of what is made from it. */
    private List<Maker> earlierOutputs() {
        var makers = new ArrayList<Maker>();
        for (var node : best.graph().nodes()) {
            for (var value : node.outputs()) {
                boolean last = best.graph().outputs().stream().anyMatch(p -> p.value() == value);
                if (!value.isConst() && !last) {
                    var ports = List.of(new Graph.Port("y", value));
                    makers.add(() -> trimmed(best.graph().inputs(), ports, best.feeds()));
                }
            }
        }
        return makers;
    }

    /** The graph cut at an inner value or a constant, which becomes an input. */
    private List<Maker> cuts() {
        var makers = new ArrayList<Maker>();
        for (var node : best.graph().nodes()) {
            boolean last = best.graph().outputs().stream().anyMatch(p -> p.value().node() == node);
            if (!last) {
                makers.add(() -> cut(node));
            }
        }
        return makers;
    }

    private Sketch cut(Node<?> at) {
        var values = Evaluation.exact(best.graph(), best.feeds());
        Map<Value, Value> now = new IdentityHashMap<>();
        var inputs = new ArrayList<>(best.graph().inputs());
        var feeds = new LinkedHashMap<>(best.feeds());
        int number = inputs.size();
        for (var out : at.outputs()) {
            while (feeds.containsKey("x" + number)) {
                number++;
            }
            var input = Leaf.input(out.type());
            inputs.add(new Graph.Port("x" + number, input));
            feeds.put("x" + number, rounded(values.get(out)));
            now.put(out, input);
        }
        var outputs = rebuilt(now);
        return trimmed(inputs, outputs, feeds);
    }

    private static Dense rounded(Dense dense) {
        var data = dense.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] = dense.type().dtype().round(data[i]);
        }
        return Dense.of(dense.type(), data);
    }

    /** The outputs of the graph with some values replaced. */
    private List<Graph.Port> rebuilt(Map<Value, Value> now) {
        for (var node : best.graph().nodes()) {
            if (now.containsKey(node.outputs().get(0))) {
                continue;
            }
            var in = node.inputs().stream().map(v -> now.getOrDefault(v, v)).toList();
            if (!in.equals(node.inputs())) {
                var fresh = node.withInputs(in);
                for (int i = 0; i < fresh.outputs().size(); i++) {
                    now.put(node.outputs().get(i), fresh.outputs().get(i));
                }
            }
        }
        return best.graph().outputs().stream()
                .map(p -> new Graph.Port(p.name(), now.getOrDefault(p.value(), p.value())))
                .toList();
    }

    /** Every input and constant with one size replaced by a smaller. */
    private List<Maker> smallerDims() {
        var sizes = new TreeSet<Integer>();
        best.graph().inputs().forEach(p -> sizes.addAll(p.value().shape().toList()));
        var makers = new ArrayList<Maker>();
        for (int size : sizes.descendingSet()) {
            for (int smaller : new TreeSet<>(List.of(1, 2, size / 2, size - 1))) {
                if (smaller < size && smaller > 0) {
                    makers.add(() -> resized(size, smaller));
                }
            }
        }
        return makers;
    }

    private Sketch resized(int from, int to) {
        Map<Value, Value> now = new IdentityHashMap<>();
        var inputs = new ArrayList<Graph.Port>();
        var feeds = new LinkedHashMap<String, Dense>();
        for (var port : best.graph().inputs()) {
            var part = corner(best.feeds().get(port.name()), from, to);
            var input = Leaf.input(part.type());
            now.put(port.value(), input);
            inputs.add(new Graph.Port(port.name(), input));
            feeds.put(port.name(), part);
        }
        for (var node : best.graph().nodes()) {
            if (node.op() == Leaf.CONST) {
                var part = corner(Leaf.data(node.out()).dense(), from, to);
                now.put(node.out(), Leaf.constant(ConstData.of(part.type(), part.data())));
            }
        }
        return trimmed(inputs, rebuilt(now), feeds);
    }

    /** The first elements along each axis of size {@code from}. */
    private static Dense corner(Dense whole, int from, int to) {
        var dims = whole.shape().toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = dims[i] == from ? to : dims[i];
        }
        var shape = Shape.of(dims);
        var part = Dense.zeros(new TensorType(whole.type().dtype(), shape));
        var strides = whole.shape().strides();
        for (int i = 0; i < part.data().length; i++) {
            int rest = i;
            int at = 0;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                at += rest % dims[axis] * strides[axis];
                rest /= dims[axis];
            }
            part.data()[i] = whole.get(at);
        }
        return part;
    }

    private List<Maker> plainerNumbers() {
        var makers = new ArrayList<Maker>();
        for (var port : best.graph().inputs()) {
            makers.add(() -> plainer(port.name(), x -> 1.0));
            makers.add(() -> plainer(port.name(), Math::rint));
        }
        return makers;
    }

    private Sketch plainer(String name, Function<Double, Double> f) {
        var old = best.feeds().get(name);
        if (old.type().dtype() == DType.BOOL || old.type().dtype().isInt()) {
            return unchanged();
        }
        var data = old.data().clone();
        boolean changed = false;
        for (int i = 0; i < data.length; i++) {
            double plain = f.apply(data[i]);
            changed |= plain != data[i];
            data[i] = plain;
        }
        if (!changed) {
            return unchanged();
        }
        var feeds = new LinkedHashMap<>(best.feeds());
        feeds.put(name, Dense.of(old.type(), data));
        return best.with(best.graph(), feeds);
    }

    private static Sketch unchanged() {
        throw new JaneException("shrink", "nothing to change");
    }
}
