package jane.engine.cpu;

import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lays out a group of elementwise nodes as one {@link FusedKernel.Code}: registers and steps. */
final class FusedBuilder {
    private final List<Node<?>> nodes;
    private final Function<Value, View> views;
    private final List<Value> stored;
    private final int[] dims;

    private final Map<Value, Integer> registers = new IdentityHashMap<>();
    private final Map<Value, Integer> uses = new IdentityHashMap<>();
    private final Map<Float, Integer> constantRegisters = new HashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int count;

    private final List<FusedKernel.Port> loads = new ArrayList<>();
    private final List<FusedKernel.Constant> constants = new ArrayList<>();
    private final List<FusedKernel.Step> steps = new ArrayList<>();

    /**
     * A builder.
     *
     * @param nodes in an executable order, all of one result shape but for {@link PlanNodes#totals}
     * @param views where values from outside lie, and where {@code stored} go
     * @param stored results that others read
     */
    FusedBuilder(List<Node<?>> nodes, Function<Value, View> views, List<Value> stored) {
        this.nodes = nodes;
        this.views = views;
        this.stored = stored;
        this.dims = nodes.get(0).out().shape().toArray();
    }

    FusedKernel.Code build() {
        for (var node : nodes) {
            node.inputs().forEach(v -> uses.merge(v, 1, Integer::sum));
        }
        stored.forEach(v -> uses.merge(v, 1, Integer::sum)); // stays until the end of the tile
        var elementwise = nodes.stream().filter(n -> !PlanNodes.totals(n)).toList();
        for (var node : elementwise) {
            node.inputs().forEach(v -> prepare(node, v));
        }
        for (var node : elementwise) {
            step(node);
        }
        var totals = nodes.stream().filter(PlanNodes::totals).map(this::total).toList();
        var stores =
                stored.stream()
                        .map(v -> new FusedKernel.Port(views.apply(v), registers.get(v)))
                        .toList();
        var ops = nodes.stream().map(n -> n.op().name()).collect(Collectors.joining("+"));
        int size = nodes.get(0).out().shape().size();
        return new FusedKernel.Code(ops, size, loads, constants, steps, stores, totals, count);
    }

    private FusedKernel.Total total(Node<?> node) {
        int register = registers.get(node.in(0)); // not given back: the node never takes a step
        return new FusedKernel.Total(ReduceKernel.Kind.of(node), views.apply(node.out()), register);
    }

    /** A constant scalar's value, or empty. */
    static OptionalDouble constant(View view) {
        return view.storage.kind() == Storage.Kind.CONST && view.isUniform()
                ? OptionalDouble.of(view.storage.data().get(view.offset))
                : OptionalDouble.empty();
    }

    /** Gives an operand from outside the group its register, unless it folds into a step. */
    private void prepare(Node<?> node, Value v) {
        boolean inside = nodes.contains(v.node());
        if (inside || registers.containsKey(v) || folded(node).isPresent() && v == node.in(1)) {
            return;
        }
        var view = views.apply(v);
        var constant = constant(view);
        if (constant.isPresent()) {
            float value = (float) constant.getAsDouble();
            registers.put(v, constantRegisters.computeIfAbsent(value, this::constantRegister));
            uses.merge(v, 1, Integer::sum); // never given back
            return;
        }
        int register = count++;
        registers.put(v, register);
        loads.add(new FusedKernel.Port(view.broadcastTo(dims), register));
        if (view.isUniform()) {
            uses.merge(v, 1, Integer::sum); // loaded once per task: never given back
        }
    }

    private int constantRegister(float value) {
        constants.add(new FusedKernel.Constant(value, count));
        return count++;
    }

    /** A constant second operand that becomes the parameter of {@code SCALE} or {@code SHIFT}. */
    private OptionalDouble folded(Node<?> node) {
        var lane = Instructions.of(node).lane();
        boolean folds = lane == Lane.MUL || lane == Lane.ADD || lane == Lane.SUB;
        if (!folds || nodes.contains(node.in(1).node()) || node.in(0) == node.in(1)) {
            return OptionalDouble.empty();
        }
        return constant(views.apply(node.in(1)));
    }

    private void step(Node<?> node) {
        int d = take();
        var folded = folded(node);
        if (folded.isPresent()) {
            emitFolded(node, (float) folded.getAsDouble(), d);
        } else {
            emit(node, d);
        }
        if (Instructions.rounds(node)) {
            steps.add(new FusedKernel.Step(Lane.ROUND_HALF, d, d, d, d, 0, 0));
        }
        registers.put(node.out(), d);
        for (var v : node.inputs()) {
            if (uses.merge(v, -1, Integer::sum) == 0 && registers.containsKey(v)) {
                free.push(registers.get(v));
            }
        }
        if (!uses.containsKey(node.out())) {
            free.push(d);
        }
    }

    private void emitFolded(Node<?> node, float value, int d) {
        int a = registers.get(node.in(0));
        var lane = Instructions.of(node).lane();
        float p = lane == Lane.SUB ? -value : value;
        var folded = lane == Lane.MUL ? Lane.SCALE : Lane.SHIFT;
        steps.add(new FusedKernel.Step(folded, d, a, a, a, p, 0));
    }

    private void emit(Node<?> node, int d) {
        var code = Instructions.of(node);
        var in = node.inputs();
        int a = registers.get(in.get(code.swap() ? 1 : 0));
        int b = in.size() > 1 ? registers.get(in.get(code.swap() ? 0 : 1)) : a;
        int c = in.size() > 2 ? registers.get(in.get(2)) : a;
        if (code.lane().needsRoom()) {
            b = take();
            free.push(b);
        }
        steps.add(new FusedKernel.Step(code.lane(), d, a, b, c, code.p(), code.q()));
    }

    private int take() {
        return free.isEmpty() ? count++ : free.pop();
    }
}
