package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.grad.GradientCheck;
import jane.grad.Gradients;
import jane.ir.ConstData;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every op owes, whatever it computes: walks {@link Ops#all()}. */
class OpContractTest {
    /**
     * A cast rounds its result, so that finite differences see steps; GradientByHandTest has casts.
     */
    private static final Set<Op<?>> STEPPED = Set.of(Logic.CAST);

    /** Ops of any number of inputs. */
    private static final Set<Op<?>> VARIADIC = Set.of(Joining.CONCAT, Joining.STACK, Einsum.EINSUM);

    static List<Op<?>> ops() {
        return Ops.all();
    }

    static Stream<Op<?>> differentiable() {
        return ops().stream().filter(op -> op.differentiable() && !STEPPED.contains(op));
    }

    static Stream<Op<?>> withGradient() {
        // these gradients are 0, or there is no input: 1 % of nothing is nothing.
        var none =
                Set.of(
                        Elementwise.SIGN,
                        Rounding.FLOOR,
                        Rounding.CEIL,
                        Rounding.ROUND,
                        Rounding.FLOOR_DIV,
                        Movement.FILL,
                        Generators.RANGE_1D);
        return differentiable().filter(op -> !none.contains(op));
    }

    private static RandomGenerator random(Op<?> op, int salt) {
        return new SplittableRandom(31L * op.name().hashCode() + salt);
    }

    @Test
    void namesAreUnique() {
        var names = new HashSet<String>();
        for (var op : ops()) {
            assertTrue(op.name().matches("[a-z][a-z0-9_]*"), op.name());
            assertTrue(names.add(op.name()), () -> op.name() + " appears twice");
        }
    }

    @Test
    void exactlyTheseStopGradients() {
        var stopped = ops().stream().filter(op -> !op.differentiable()).map(Op::name).toList();
        assertEquals(
                List.of(
                        "stop_gradient",
                        "equal",
                        "not_equal",
                        "less",
                        "less_equal",
                        "greater",
                        "greater_equal",
                        "logical_not",
                        "logical_and",
                        "logical_or",
                        "logical_xor",
                        "reduce_argmax",
                        "reduce_argmin",
                        "argsort",
                        "one_hot",
                        "shape",
                        "quantize"),
                stopped);
    }

    @Test
    void onlyTheseAreComposites() {
        var composites =
                ops().stream().filter(op -> op.spelling().isEmpty()).map(Op::name).toList();
        assertEquals(List.of("stop_gradient", "cross_entropy"), composites);
    }

    @ParameterizedTest
    @MethodSource("ops")
    void spellingHasTheOpsNameAndIsFound(Op<?> op) {
        if (op.spelling().isEmpty()) {
            assertEquals(Optional.empty(), Ops.byMil(op.name()));
            return;
        }
        assertEquals(op.name(), op.spelling().get().milOp());
        assertSame(op, Ops.byMil(op.name()).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("ops")
    void compositesLowerAndTypesStay(Op<?> op) {
        var node = OpSamples.sample(op, random(op, 1)).node();
        var lowered = node.lower();
        assertEquals(
                node.outputs().stream().map(Value::type).toList(),
                lowered.stream().map(Value::type).toList());
        if (op.spelling().isEmpty()) {
            assertNotSame(node.out(), lowered.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource("ops")
    void definitionComputesWhatTheReferenceKernelDoes(Op<?> op) {
        var random = random(op, 8);
        for (int i = 0; i < 25; i++) {
            var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
            var lowered = sample.node().lower();
            if (!lowered.equals(sample.node().outputs())) {
                var found = sample.graph(lowered).reference(sample.feeds());
                sample.expectedAll().forEach((name, y) -> same(sample, y, found.get(name)));
            }
        }
    }

    /** To the precision of fp32, in which a definition's constants are. */
    private static void same(OpSamples.Sample sample, Dense expected, Dense found) {
        for (int i = 0; i < expected.data().length; i++) {
            double slack = 2e-6 * Math.max(1, Math.abs(expected.get(i)));
            assertEquals(expected.get(i), found.get(i), slack, sample::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("ops")
    void spellingCoversTheInputsAndGivesTheAttributesBack(Op<?> op) {
        var random = random(op, 2);
        for (int i = 0; i < 50; i++) {
            readBack(OpSamples.sample(op, random).node());
        }
    }

    private static <A> void readBack(Node<A> node) {
        if (node.op().spelling().isEmpty()) {
            return;
        }
        var spelling = node.op().spelling().get();
        var names = new HashSet<String>();
        var literals = new HashMap<String, Literal>();
        int operands = 0;
        boolean variadic = false;
        for (var param : spelling.params()) {
            assertTrue(names.add(param.name()), () -> param.name() + " appears twice");
            if (param instanceof Spelling.Operand<A> operand) {
                assertEquals(operands++, operand.index());
            } else if (param instanceof Spelling.Attribute<A> attribute) {
                var literal = attribute.get().apply(node.attrs());
                assertEquals(attribute.kind(), kind(literal), param.name());
                attribute.fallback().ifPresent(f -> assertEquals(attribute.kind(), kind(f)));
                literals.put(param.name(), literal);
            } else if (param instanceof Spelling.OptionalAttribute<A> attribute) {
                attribute.get().apply(node.attrs()).ifPresent(l -> literals.put(param.name(), l));
            } else {
                variadic = true;
            }
        }
        assertTrue(variadic || node.inputs().size() <= operands);
        var args =
                new Spelling.Args(
                        literals,
                        node.out().type(),
                        node.inputs().stream().map(Value::type).toList());
        assertEquals(node.attrs(), spelling.read(args));
    }

    private static Literal.Kind kind(Literal literal) {
        Map<Class<?>, Literal.Kind> kinds =
                Map.of(
                        Literal.Bool.class, Literal.Kind.BOOL,
                        Literal.Int.class, Literal.Kind.INT,
                        Literal.Str.class, Literal.Kind.STRING,
                        Literal.Float.class, Literal.Kind.FLOAT,
                        Literal.Scalar.class, Literal.Kind.SCALAR,
                        Literal.Ints.class, Literal.Kind.INTS,
                        Literal.Bools.class, Literal.Kind.BOOLS);
        return kinds.get(literal.getClass());
    }

    @ParameterizedTest
    @MethodSource("ops")
    void refusesOneInputTooMany(Op<?> op) {
        if (!VARIADIC.contains(op)) {
            refuseOneMore(OpSamples.sample(op, random(op, 7)).node());
        }
    }

    private static <A> void refuseOneMore(Node<A> node) {
        var more = new ArrayList<>(node.inputs());
        int most = operands(node.op());
        while (more.size() <= most) {
            more.add(Leaf.input(TensorType.fp32(2)));
        }
        var error =
                assertThrows(ShapeException.class, () -> Node.of(node.op(), node.attrs(), more));
        String message = error.getMessage();
        assertTrue(
                message.startsWith("[" + node.op().name() + "] " + more.size() + " inputs; need "));
        assertTrue(message.endsWith(" " + most), message);
    }

    private static int operands(Op<?> op) {
        if (op.spelling().isEmpty()) {
            return op == Losses.CROSS_ENTROPY ? 2 : 1;
        }
        var params = op.spelling().get().params();
        return (int) params.stream().filter(p -> p instanceof Spelling.Operand<?>).count();
    }

    @ParameterizedTest
    @MethodSource("ops")
    void sameSeedGivesTheSameSample(Op<?> op) {
        for (var mode : OpSamples.Mode.values()) {
            var one = OpSamples.sample(op, mode, random(op, 3));
            var two = OpSamples.sample(op, mode, random(op, 3));
            assertEquals(one.graph().structure(), two.graph().structure());
            one.feeds()
                    .forEach(
                            (name, dense) ->
                                    assertEquals(bits(dense), bits(two.feeds().get(name)), name));
        }
    }

    private static List<Long> bits(Dense dense) {
        var bits = new ArrayList<Long>();
        for (double x : dense.data()) {
            bits.add(Double.doubleToLongBits(x));
        }
        return bits;
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void gradientAgreesWithFiniteDifferences(Op<?> op) {
        var random = random(op, 4);
        for (int i = 0; i < 40; i++) {
            var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
            for (var y : sample.node().outputs()) {
                if (y.dtype().isFloat()) {
                    at(sample, () -> GradientCheck.check(y, sample.point(), random));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void gradientOfTheGradientAgreesToo(Op<?> op) {
        var random = random(op, 5);
        for (int i = 0; i < 6; i++) {
            var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
            var y = sample.node().out();
            if (!y.dtype().isFloat()) {
                continue; // a range of whole numbers
            }
            var dy = Leaf.input(y.type());
            var point = new LinkedHashMap<>(sample.point());
            point.put(dy, cotangent(y.type(), random));
            for (var dx : Gradients.of(y, dy, floats(sample))) {
                at(sample, () -> GradientCheck.check(dx, point, random));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withGradient")
    void gradientThatIsOnePercentOffIsFound(Op<?> op) {
        var random = random(op, 6);
        var caught = new HashSet<Integer>();
        for (int i = 0; i < 12; i++) {
            var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
            for (int input = 0; input < sample.node().inputs().size(); input++) {
                if (hasGradient(sample, input, random)) {
                    var y = off(sample.node(), input);
                    var error =
                            assertThrows(
                                    JaneException.class,
                                    () -> GradientCheck.check(y, sample.point(), random),
                                    sample::toString);
                    assertTrue(error.getMessage().startsWith("[gradient check] input x" + input));
                    caught.add(input);
                }
            }
        }
        assertFalse(caught.isEmpty(), "no sample of " + op.name() + " has a gradient");
    }

    private static void at(OpSamples.Sample sample, Runnable check) {
        try {
            check.run();
        } catch (JaneException e) {
            throw new AssertionError(sample + ": " + e.getMessage(), e);
        }
    }

    private static List<Value> floats(OpSamples.Sample sample) {
        return sample.node().inputs().stream().filter(v -> v.dtype().isFloat()).toList();
    }

    private static Dense cotangent(TensorType type, RandomGenerator random) {
        var dense = Dense.zeros(type);
        for (int i = 0; i < dense.data().length; i++) {
            dense.data()[i] = random.nextDouble(0.5, 1.5) * (random.nextBoolean() ? 1 : -1);
        }
        return dense;
    }

    /** Whether the check's floor of 1e-3 could hide 1 % of this input's gradient. */
    private static boolean hasGradient(OpSamples.Sample sample, int input, RandomGenerator random) {
        var x = sample.node().in(input);
        if (!x.dtype().isFloat()) {
            return false;
        }
        var y = sample.node().out();
        var dy = Leaf.constant(ConstData.of(y.type(), cotangent(y.type(), random).data()));
        var dx = Gradients.of(y, dy, List.of(x)).get(0);
        var graph = Graph.of(sample.inputs(), List.of(new Graph.Port("dx", dx)));
        double most = 0;
        for (double v : graph.reference(sample.feeds()).get("dx").data()) {
            most = Math.max(most, Math.abs(v));
        }
        return most > 0.1;
    }

    private static <A> Value off(Node<A> node, int input) {
        return Node.of(new Off<>(node.op(), input), node.attrs(), node.inputs()).out();
    }

    /** The same op with one input's cotangent 1 % too large. */
    private record Off<A>(Op<A> op, int input) implements Op<A> {
        @Override
        public String name() {
            return op.name();
        }

        @Override
        public List<TensorType> infer(A attrs, List<TensorType> inputs) {
            return op.infer(attrs, inputs);
        }

        @Override
        public boolean differentiable() {
            return true;
        }

        @Override
        public List<Value> vjp(Node<A> node, List<Value> dy) {
            var dx = new ArrayList<>(op.vjp(node, dy));
            dx.set(input, Elementwise.scale(dx.get(input), 1.01));
            return dx;
        }

        @Override
        public Optional<Spelling<A>> spelling() {
            return op.spelling();
        }

        @Override
        public List<Value> lower(Node<A> node) {
            return op.lower(node);
        }

        @Override
        public void reference(A attrs, List<Dense> in, List<Dense> out) {
            op.reference(attrs, in, out);
        }

        @Override
        public long flops(Node<A> node) {
            return op.flops(node);
        }
    }
}
