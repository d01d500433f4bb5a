package jane.op;

import static org.junit.jupiter.api.Assertions.assertFalse;
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
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op's gradient, and its gradient's, against finite differences of the reference kernel. */
class OpGradientTest {
    /**
     * A cast rounds its result, so that finite differences see steps; GradientByHandTest has casts.
     */
    private static final Set<Op<?>> STEPPED = Set.of(Logic.CAST);

    static Stream<Op<?>> differentiable() {
        return Ops.all().stream().filter(op -> op.differentiable() && !STEPPED.contains(op));
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
                        Likeness.FILL_LIKE,
                        Generators.RANGE_1D);
        return differentiable().filter(op -> !none.contains(op));
    }

    private static RandomGenerator random(Op<?> op, int salt) {
        return new SplittableRandom(31L * op.name().hashCode() + salt);
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
