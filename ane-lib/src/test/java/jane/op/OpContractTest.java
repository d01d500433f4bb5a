package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.ir.Dense;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every op owes, whatever it computes: walks {@link Ops#all()}. */
class OpContractTest {
    /** Ops of any number of inputs. */
    private static final Set<Op<?>> VARIADIC =
            Set.of(Joining.CONCAT, Joining.STACK, Einsum.EINSUM, Likeness.RESHAPE_LIKE);

    static List<Op<?>> ops() {
        return Ops.all();
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
                        node.outputs().stream().map(Value::type).toList(),
                        node.inputs().stream().map(Value::type).toList());
        assertEquals(node.attrs(), spelling.read(args));
    }

    private static Literal.Kind kind(Literal literal) {
        Map<Class<?>, Literal.Kind> kinds =
                Map.of(
                        Literal.Bool.class, Literal.Kind.BOOL,
                        Literal.Int.class, Literal.Kind.INT,
                        Literal.Unsigned.class, Literal.Kind.UNSIGNED,
                        Literal.Str.class, Literal.Kind.STRING,
                        Literal.Float.class, Literal.Kind.FLOAT,
                        Literal.Scalar.class, Literal.Kind.SCALAR,
                        Literal.Ints.class, Literal.Kind.INTS,
                        Literal.Bools.class, Literal.Kind.BOOLS,
                        Literal.Tuple.class, Literal.Kind.TUPLE);
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
}
