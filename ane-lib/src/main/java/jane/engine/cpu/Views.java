package jane.engine.cpu;

import jane.ir.ConstData;
import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Joining;
import jane.op.Movement;
import jane.op.Slicing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides where every value lies. Reshapes, transposes, slices and broadcasts are other strides on
 * the same memory; what is transposed and then reshaped is computed in the transposed order ({@link
 * Layouts}); operands of a concat are computed in their place of the result where nothing speaks
 * against it.
 */
final class Views {
    private final Graph graph;
    private final Groups groups;
    private final Kernels make;
    private final List<Storage> storages = new ArrayList<>();
    private final Map<Value, View> views = new IdentityHashMap<>();
    private final Map<ConstData, Storage> constants = new HashMap<>();
    private final Set<Value> needed = new HashSet<>(); // values compare by identity
    private final Set<Value> reshaped = new HashSet<>();
    private final Layouts layouts;

    Views(Graph graph, Groups groups, Kernels make) {
        this.graph = graph;
        this.groups = groups;
        this.make = make;
        layouts = new Layouts(graph);
        for (var port : graph.inputs()) {
            var storage = Storage.input(storages.size(), port.value().type(), port.name());
            storages.add(storage);
            views.put(port.value(), View.dense(storage));
        }
        findNeeded();
        placeParts();
        for (var node : graph.nodes()) {
            place(node);
        }
    }

    /** Where a value lies; absent for one that never leaves the registers of its group. */
    View of(Value value) {
        return views.get(value);
    }

    /** Whether something outside its group reads the value. */
    boolean isNeeded(Value value) {
        return needed.contains(value);
    }

    List<Storage> storages() {
        return storages;
    }

    /** Memory for a value that the plan makes itself. */
    View fresh(TensorType type) {
        var storage = Storage.scratch(storages.size(), type);
        storages.add(storage);
        return View.dense(storage);
    }

    /** The buffer of an output. */
    View output(TensorType type, String port) {
        var storage = Storage.output(storages.size(), type, port);
        storages.add(storage);
        return View.dense(storage);
    }

    private void findNeeded() {
        for (var node : graph.nodes()) {
            for (var in : node.inputs()) {
                if (groups.of(in.node()) != groups.of(node)) {
                    needed.add(in);
                }
                if (node.op() == Movement.RESHAPE) {
                    reshaped.add(in);
                }
            }
        }
        graph.outputs().forEach(p -> needed.add(p.value()));
    }

    /** From the outermost concat inward: each operand that can be is placed in the result. */
    private void placeParts() {
        Set<Value> fixed = new HashSet<>();
        graph.outputs().forEach(p -> fixed.add(p.value()));
        var nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            var node = nodes.get(i);
            if (!(node.attrs() instanceof Joining.Concat)) {
                continue;
            }
            var whole = views.computeIfAbsent(node.out(), v -> fresh(v.type()));
            for (int k = 0; k < node.inputs().size(); k++) {
                var in = node.in(k);
                boolean computed = groups.of(in.node()) != null && !PlanNodes.isView(in.node());
                if (computed && !reshaped.contains(in) && fixed.add(in)) {
                    views.putIfAbsent(in, part(node, whole, k));
                }
            }
        }
    }

    /** Where operand {@code k} of a concat goes in its result. */
    static View part(Node<?> concat, View whole, int k) {
        var attrs = (Joining.Concat) concat.attrs();
        int axis = concat.out().shape().axis(attrs.axis(), "concat");
        int length = concat.in(k).shape().dim(axis);
        if (attrs.interleave()) {
            return whole.slice(axis, k, length, concat.inputs().size());
        }
        int begin = 0;
        for (int i = 0; i < k; i++) {
            begin += concat.in(i).shape().dim(axis);
        }
        return whole.slice(axis, begin, length, 1);
    }

    private void place(Node<?> node) {
        if (PlanNodes.isView(node)) {
            if (!views.containsKey(node.out())) { // else an inner value that serves as an input
                views.put(node.out(), derived(node));
            }
            return;
        }
        for (var out : node.outputs()) {
            if (!groups.of(node).isFused() || needed.contains(out)) {
                views.computeIfAbsent(out, v -> layouts.of(v, this::fresh));
            }
        }
    }

    private View derived(Node<?> node) {
        var type = node.out().type();
        int[] dims = type.shape().toArray();
        if (node.attrs() instanceof ConstData data) {
            return View.dense(constant(data));
        }
        if (node.attrs() instanceof Movement.Fill fill) {
            var one = ConstData.scalar(type.dtype(), fill.value());
            return View.dense(constant(one)).broadcastTo(dims);
        }
        var stretched = PlanNodes.stretched(node);
        if (stretched.isPresent()) {
            return views.get(stretched.get()).broadcastTo(dims);
        }
        var x = views.get(node.in(0));
        if (node.attrs() instanceof Slicing.Slice slice) {
            for (int i = 0; i < dims.length; i++) {
                x = x.slice(i, slice.begin().get(i), dims[i], slice.stride().get(i));
            }
            return x;
        }
        if (node.op() == Movement.TRANSPOSE) {
            var perm = ((Movement.Dims) node.attrs()).dims();
            var shape = node.in(0).shape();
            return x.transpose(perm.stream().mapToInt(p -> shape.axis(p, "transpose")).toArray());
        }
        if (node.op() == Movement.RESHAPE) {
            return reshape(node, x, dims);
        }
        return x;
    }

    private View reshape(Node<?> node, View x, int[] dims) {
        return x.reshape(dims)
                .orElseGet(
                        () -> {
                            var copy = fresh(node.in(0).type());
                            groups.of(node).kernels.add(make.copy("for reshape", x, copy));
                            return copy.reshape(dims).orElseThrow();
                        });
    }

    private Storage constant(ConstData data) {
        return constants.computeIfAbsent(
                data,
                d -> {
                    var storage = Storage.constant(storages.size(), d);
                    storages.add(storage);
                    return storage;
                });
    }
}
