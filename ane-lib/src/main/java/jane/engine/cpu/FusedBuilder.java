package jane.engine.cpu;

import jane.ir.Node;
import jane.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lays out a group of nodes as one {@link FusedKernel.Code}: registers and steps. */
final class FusedBuilder {
    private final List<Node<?>> nodes;
    private final Domain domain;
    private final int[] order; // of axes
    private final Function<Value, View> views;
    private final List<Value> stored;
    private final Set<Value> inside = new HashSet<>(); // values compare by identity

    private final Map<Value, Integer> registers = new IdentityHashMap<>();
    private final Map<Value, Integer> narrow = new IdentityHashMap<>(); // one number a line
    private final Map<Value, Integer> uses = new IdentityHashMap<>(); // of registers
    private final Set<Value> read = new HashSet<>(); // by a step or a total
    private final Map<Float, Integer> constantRegisters = new HashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int count;

    private final List<FusedKernel.Port> loads = new ArrayList<>();
    private final List<FusedKernel.Constant> constants = new ArrayList<>();
    private final List<FusedKernel.Step> steps = new ArrayList<>();

    /**
     * A builder.
     *
     * @param group a fused one, its nodes in an executable order
     * @param views where values from outside lie, and where {@code stored} go
     * @param stored results that others read
     */
    FusedBuilder(Group group, Function<Value, View> views, List<Value> stored) {
        nodes = group.nodes;
        domain = group.domain.orElseThrow();
        order = domain.order();
        this.views = views;
        this.stored = stored;
        nodes.forEach(n -> inside.add(n.out()));
    }

    FusedKernel.Code build() {
        for (var node : nodes) {
            read.addAll(node.inputs());
            if (!isNarrow(node)) {
                node.inputs().forEach(v -> uses.merge(v, 1, Integer::sum));
            }
        }
        stored.forEach(v -> uses.merge(v, 1, Integer::sum)); // stays until the end of the tile
        for (var node : nodes) { // totals too: two of them may read nothing but an input
            node.inputs().forEach(v -> prepare(node, v));
        }
        nodes.stream().filter(n -> !PlanNodes.totals(n)).forEach(this::step);
        var totals = nodes.stream().filter(PlanNodes::totals).map(this::total).toList();
        var stores = stored.stream().map(this::store).toList();
        var ops = nodes.stream().map(n -> n.op().name()).collect(Collectors.joining("+"));
        int size = domain.shape().size();
        return new FusedKernel.Code(
                ops, size, domain.line(), loads, constants, steps, stores, totals, count);
    }

    private FusedKernel.Total total(Node<?> node) {
        int register = registers.get(node.in(0)); // not given back: the node never takes a step
        return new FusedKernel.Total(ReduceKernel.Kind.of(node), views.apply(node.out()), register);
    }

    private FusedKernel.Port store(Value v) {
        boolean once = isNarrow(v);
        int register = once ? narrow.get(v) : registers.get(v);
        return new FusedKernel.Port(ordered(views.apply(v)), register, once);
    }

    /** The view with its axes in order; sums of lines whose axes are gone are in order. */
    private View ordered(View view) {
        return view.rank() == order.length ? view.transpose(order) : view;
    }

    /** Whether a value of the group is one number a line. */
    private boolean isNarrow(Value v) {
        return isLineSum(v.node()) || !v.shape().equals(domain.shape());
    }

    /** Whether a node runs once a line: neither its operands nor its result are whole lines. */
    private boolean isNarrow(Node<?> node) {
        return !PlanNodes.reduces(node) && isNarrow(node.out());
    }

    private static boolean isLineSum(Node<?> node) {
        return PlanNodes.reduces(node) && !PlanNodes.totals(node);
    }

    /** A constant scalar's value, or empty. */
    static OptionalDouble constant(View view) {
        return view.storage.kind() == Storage.Kind.CONST && view.isUniform()
                ? OptionalDouble.of(view.storage.data().get(view.offset))
                : OptionalDouble.empty();
    }

    /** Gives an operand from outside the group its register, unless it folds into a step. */
    private void prepare(Node<?> node, Value v) {
        boolean once = isNarrow(node);
        boolean known = once ? narrow.containsKey(v) : registers.containsKey(v);
        if (inside.contains(v) || known || folded(node).isPresent() && v == node.in(1)) {
            return;
        }
        var view = views.apply(v);
        if (view.isUniform() && registers.containsKey(v)) {
            return; // a row of it has a number for each line too
        }
        var constant = constant(view);
        if (constant.isPresent()) {
            float value = (float) constant.getAsDouble();
            registers.put(v, constantRegisters.computeIfAbsent(value, this::constantRegister));
            uses.merge(v, 1, Integer::sum); // never given back
            return;
        }
        int register = count++;
        if (once && !view.isUniform()) {
            narrow.put(v, register);
            var wide = view.broadcastTo(domain.narrow().toArray());
            loads.add(new FusedKernel.Port(ordered(wide), register, true));
            return;
        }
        registers.put(v, register);
        var wide = view.broadcastTo(domain.shape().toArray());
        loads.add(new FusedKernel.Port(ordered(wide), register));
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
        if (!PlanNodes.fuses(node)) {
            return OptionalDouble.empty();
        }
        var lane = Instructions.of(node).lane();
        boolean folds = lane == Lane.MUL || lane == Lane.ADD || lane == Lane.SUB;
        if (!folds || inside.contains(node.in(1)) || node.in(0) == node.in(1)) {
            return OptionalDouble.empty();
        }
        return constant(views.apply(node.in(1)));
    }

    private void step(Node<?> node) {
        var operands = new ArrayList<Integer>();
        boolean folds = folded(node).isPresent();
        for (int i = 0; i < (folds ? 1 : node.inputs().size()); i++) {
            operands.add(operand(node, node.in(i)));
        }
        boolean once = isNarrow(node.out());
        int d = once ? count++ : take();
        if (Domain.isSoftmax(node)) {
            softmax(operands.get(0), d);
        } else if (isLineSum(node)) {
            lineSum(node, operands.get(0), d);
        } else if (folds) {
            emitFolded(node, operands.get(0), d);
        } else {
            emit(node, operands, d);
        }
        if (Instructions.rounds(node) && read.contains(node.out())) { // else the store does it
            add(Lane.ROUND_HALF, d, d, d, d, 0, 0, once);
        }
        (once ? narrow : registers).put(node.out(), d);
        if (!isNarrow(node)) {
            node.inputs().forEach(this::giveBack);
        }
        if (!once && !uses.containsKey(node.out())) {
            free.push(d);
        }
    }

    private void giveBack(Value v) {
        if (uses.merge(v, -1, Integer::sum) == 0 && registers.containsKey(v)) {
            free.push(registers.get(v));
        }
    }

    /** Where a node reads a value: a number a line is made a line again where that is needed. */
    private int operand(Node<?> node, Value v) {
        if (isNarrow(node) && narrow.containsKey(v)) {
            return narrow.get(v);
        }
        if (!registers.containsKey(v)) {
            int wide = take();
            line(Lane.SPREAD, wide, narrow.get(v), 0);
            registers.put(v, wide);
        }
        return registers.get(v);
    }

    private void softmax(int x, int d) {
        int once = count++;
        int row = take();
        line(Lane.LINE_MAX, once, x, 0);
        line(Lane.SPREAD, row, once, 0);
        add(Lane.SUB, d, x, row, x, 0, 0, false);
        add(Lane.EXP, d, d, row, d, 0, 0, false);
        line(Lane.LINE_SHARE, once, d, 0);
        line(Lane.SPREAD, row, once, 0);
        add(Lane.MUL, d, d, row, d, 0, 0, false);
        free.push(row);
    }

    private void lineSum(Node<?> node, int x, int d) {
        switch (ReduceKernel.Kind.of(node)) {
            case SUM -> line(Lane.LINE_SUM, d, x, 1);
            case MEAN -> line(Lane.LINE_SUM, d, x, domain.line());
            case MAX -> line(Lane.LINE_MAX, d, x, 0);
            case MIN -> line(Lane.LINE_MIN, d, x, 0);
        }
    }

    private void emitFolded(Node<?> node, int a, int d) {
        float value = (float) folded(node).orElseThrow();
        var lane = Instructions.of(node).lane();
        float p = lane == Lane.SUB ? -value : value;
        var folded = lane == Lane.MUL ? Lane.SCALE : Lane.SHIFT;
        add(folded, d, a, a, a, p, 0, isNarrow(node));
    }

    private void emit(Node<?> node, List<Integer> in, int d) {
        var code = Instructions.of(node);
        int a = in.get(code.swap() ? 1 : 0);
        int b = in.size() > 1 ? in.get(code.swap() ? 0 : 1) : a;
        int c = in.size() > 2 ? in.get(2) : a;
        if (code.lane().needsRoom()) {
            b = take();
            free.push(b);
        }
        add(code.lane(), d, a, b, c, code.p(), code.q(), isNarrow(node));
    }

    /** A step from lines to numbers, or back. */
    private void line(Lane lane, int d, int a, float p) {
        add(lane, d, a, a, a, p, domain.line(), true);
    }

    private void add(Lane lane, int d, int a, int b, int c, float p, float q, boolean once) {
        steps.add(new FusedKernel.Step(lane, d, a, b, c, p, q, once));
    }

    private int take() {
        return free.isEmpty() ? count++ : free.pop();
    }
}
