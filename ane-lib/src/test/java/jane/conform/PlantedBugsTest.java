package jane.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.compile.Passes;
import jane.conform.InterpretingEngine.Kernel;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.cpu.PlantedKernels;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Rewriter;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilParser;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.op.Logic;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.Reductions;
import jane.op.Rounding;
import jane.op.Scans;
import jane.op.Slicing;
import jane.op.Sorting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A suite that finds nothing wrong may be one that cannot: each of these bugs must be found. */
class PlantedBugsTest {
    private static final int GRAPHS = 3000;

    private static final Toolchain JANE = Toolchain.JANE;

    private static Outcome hunt(Engine engine, Toolchain tools) {
        try (engine) {
            return new Campaign(engine, 11, tools).run(0, GRAPHS, 1);
        }
    }

    @Test
    void nothingIsFoundInTheReferenceItself() {
        try (var engine = new InterpretingEngine(Evaluation::node)) {
            var outcome = new Campaign(engine, 11).run(0, 300, 1);
            assertEquals(List.of(), outcome.failures().stream().map(Failure::message).toList());
        }
    }

    @TestFactory
    Stream<DynamicTest> bugsInKernels() {
        return kernels().entrySet().stream()
                .map(
                        bug ->
                                DynamicTest.dynamicTest(
                                        bug.getKey(),
                                        () -> {
                                            var engine = new InterpretingEngine(bug.getValue());
                                            found(hunt(engine, JANE), Failure.Kind.WRONG_RESULT);
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> bugsInTheCpuEnginesKernels() {
        return PlantedKernels.bugs().entrySet().stream()
                .map(
                        bug ->
                                DynamicTest.dynamicTest(
                                        bug.getKey(),
                                        () ->
                                                found(
                                                        hunt(bug.getValue().get(), JANE),
                                                        Failure.Kind.WRONG_RESULT)));
    }

    @TestFactory
    Stream<DynamicTest> bugsInRules() {
        return rules().entrySet().stream()
                .map(
                        bug ->
                                DynamicTest.dynamicTest(
                                        bug.getKey(),
                                        () -> {
                                            var engine = new InterpretingEngine(Evaluation::node);
                                            var outcome = hunt(engine, bug.getValue());
                                            assertFalse(outcome.failures().isEmpty(), "not found");
                                        }));
    }

    /** A value that is read from the first row of a surface that holds several. */
    @Test
    void aBugInPackingIsFound() {
        var wrong =
                new Toolchain(
                        n -> n,
                        Passes::run,
                        g -> MilPrinter.print(Rewriter.rewrite(g, PlantedBugsTest::firstOfSurface)),
                        MilParser::parse);
        var engine = Engines.open("sim:m5/inmem:fast", 1);
        found(hunt(engine, wrong), Failure.Kind.WRONG_RESULT);
    }

    private static List<Value> firstOfSurface(Node<?> node) {
        return node.attrs() instanceof Slicing.Part part && node.in(0).isInput()
                ? List.of(Slicing.part(node.in(0), List.of(0, 0, 0, 0), part.size()))
                : node.outputs();
    }

    private static void found(Outcome outcome, Failure.Kind kind) {
        assertFalse(outcome.failures().isEmpty(), "not found in " + outcome.graphs() + " graphs");
        var failure = outcome.failures().get(0);
        assertEquals(kind, failure.kind(), failure.message());
        int ops = MilParser.parse(failure.reproducer().program()).nodes().size();
        boolean gradient = failure.variant().equals("gradients"); // dozens of ops for one
        assertTrue(
                gradient || ops <= 12,
                () -> "not shrunk: " + failure.reproducer().program().text());
    }

    /** A kernel that is wrong for one op only. */
    private static Kernel at(Op<?> op, BiFunction<Node<?>, List<Dense>, List<Dense>> wrong) {
        return (node, in) -> node.op() == op ? wrong.apply(node, in) : Evaluation.node(node, in);
    }

    /** A kernel that does what another op does. */
    private static <A> Kernel instead(Op<A> op, Op<A> other) {
        return at(op, (node, in) -> as(node, other, in));
    }

    @SuppressWarnings("unchecked")
    private static <A> List<Dense> as(Node<?> node, Op<A> other, List<Dense> in) {
        var out = zeros(node);
        other.reference((A) node.attrs(), in, out);
        return out;
    }

    private static List<Dense> zeros(Node<?> node) {
        return node.outputs().stream().map(v -> Dense.zeros(v.type())).toList();
    }

    /** A kernel that works with other attributes than it is given. */
    @SuppressWarnings("unchecked")
    private static <A> Kernel misled(Op<A> op, UnaryOperator<A> change) {
        return at(
                op,
                (node, in) -> {
                    var out = zeros(node);
                    op.reference(change.apply((A) node.attrs()), in, out);
                    return out;
                });
    }

    private static Kernel swapped(Op<?> op) {
        return at(
                op,
                (node, in) ->
                        in.get(0).shape().equals(in.get(1).shape())
                                ? Evaluation.node(node, List.of(in.get(1), in.get(0)))
                                : Evaluation.node(node, in));
    }

    private static Kernel changed(Op<?> op, java.util.function.Consumer<double[]> change) {
        return at(
                op,
                (node, in) -> {
                    var out = Evaluation.node(node, in);
                    out.forEach(d -> change.accept(d.data()));
                    return out;
                });
    }

    private static void dropTail(double[] data) {
        if (data.length > 8 && data.length % 8 != 0) {
            data[data.length - 1] = 0;
        }
    }

    private static Map<String, Kernel> kernels() {
        return Map.ofEntries(
                Map.entry(
                        "add drops the last element of a tail",
                        changed(Elementwise.ADD, PlantedBugsTest::dropTail)),
                Map.entry(
                        "relu drops the last element of a tail",
                        changed(Activations.RELU, PlantedBugsTest::dropTail)),
                Map.entry("sub swaps its operands", swapped(Elementwise.SUB)),
                Map.entry("real_div swaps its operands", swapped(Elementwise.REAL_DIV)),
                Map.entry("less is less_equal", instead(Logic.LESS, Logic.LESS_EQUAL)),
                Map.entry("round is floor", instead(Rounding.ROUND, Rounding.FLOOR)),
                Map.entry("maximum is minimum", instead(Elementwise.MAXIMUM, Elementwise.MINIMUM)),
                Map.entry(
                        "argmax counts from one",
                        changed(Sorting.REDUCE_ARGMAX, d -> Arrays.setAll(d, i -> d[i] + 1))),
                Map.entry(
                        "argsort is always ascending",
                        misled(Sorting.ARGSORT, a -> new Sorting.Order(a.axis(), true))),
                Map.entry(
                        "cumsum is never exclusive",
                        misled(Scans.CUMSUM, a -> new Scans.Scan(a.axis(), false, a.reverse()))),
                Map.entry(
                        "concat never interleaves",
                        misled(Joining.CONCAT, a -> new Joining.Concat(a.axis(), false))),
                Map.entry("pad is one off", misled(Padding.PAD, PlantedBugsTest::shifted)),
                Map.entry(
                        "crop takes too much at the top",
                        misled(Slicing.CROP, PlantedBugsTest::cropped)),
                Map.entry(
                        "pad ignores its value",
                        misled(Padding.PAD, a -> new Padding.Pad(a.pad(), a.mode(), 0))),
                Map.entry(
                        "clip ignores its upper bound",
                        misled(Elementwise.CLIP, a -> new Elementwise.Bounds(a.alpha(), 1e9))),
                Map.entry(
                        "conv ignores dilations in its sums",
                        at(Convolution.CONV, PlantedBugsTest::lastOfRow)),
                Map.entry(
                        "select takes the first row of an operand for all",
                        at(Logic.SELECT, PlantedBugsTest::firstRow)),
                Map.entry("halves are cut off, not rounded", PlantedBugsTest::truncated),
                Map.entry("identity gives its operand's first run for ever", stale()));
    }

    private static Padding.Pad shifted(Padding.Pad a) {
        int last = a.pad().size() - 1;
        if (a.pad().get(last) < 1 || !a.mode().equals("constant")) {
            return a;
        }
        var pad = new ArrayList<>(a.pad());
        pad.set(last, pad.get(last) - 1);
        pad.set(last - 1, pad.get(last - 1) + 1);
        return new Padding.Pad(pad, a.mode(), a.value());
    }

    private static Slicing.Crop cropped(Slicing.Crop a) {
        int end = a.height().get(1);
        return end < 1 ? a : new Slicing.Crop(List.of(a.height().get(0) + 1, end - 1), a.width());
    }

    private static List<Dense> lastOfRow(Node<?> node, List<Dense> in) {
        var dilations = ((Convolution.Conv) node.attrs()).dilations();
        var out = Evaluation.node(node, in);
        if (dilations.stream().anyMatch(d -> d > 1) && out.get(0).data().length > 0) {
            out.get(0).data()[0] += 1;
        }
        return out;
    }

    private static List<Dense> firstRow(Node<?> node, List<Dense> in) {
        var a = in.get(1);
        if (a.shape().rank() < 2 || a.data().length == 0) {
            return Evaluation.node(node, in);
        }
        int row = a.shape().dim(-1);
        var data = new double[a.data().length];
        Arrays.setAll(data, i -> a.get(i % row));
        return Evaluation.node(node, List.of(in.get(0), Dense.of(a.type(), data), in.get(2)));
    }

    /** fp16 toward zero in products: a unit in the last place, more where sums meet. */
    private static List<Dense> truncated(Node<?> node, List<Dense> in) {
        var out = Evaluation.node(node, in);
        if (node.op() == Contraction.MATMUL || node.op() == Elementwise.MUL) {
            for (var d : out) {
                for (int i = 0; i < d.data().length && d.type().dtype().isFloat(); i++) {
                    d.data()[i] = (float) (Math.rint(d.get(i) * 128) / 128);
                }
            }
        }
        return out;
    }

    private static Kernel stale() {
        var runs = new int[1];
        return at(
                Elementwise.IDENTITY,
                (node, in) -> runs[0]++ % 5 == 4 ? zeros(node) : Evaluation.node(node, in));
    }

    private static Map<String, Toolchain> rules() {
        return Map.ofEntries(
                Map.entry(
                        "softmax has the gradient of twice itself",
                        gradient(Activations.SOFTMAX, dx -> Elementwise.scale(dx, 2))),
                Map.entry(
                        "mul forgets an operand's gradient",
                        gradient(Elementwise.MUL, dx -> Elementwise.scale(dx, 0))),
                Map.entry(
                        "matmul has a gradient of the wrong sign",
                        gradient(Contraction.MATMUL, dx -> Elementwise.scale(dx, -1))),
                Map.entry(
                        "transpose has a gradient 1 % too large",
                        gradient(Movement.TRANSPOSE, dx -> Elementwise.scale(dx, 1.1))),
                Map.entry("a reduction keeps no dims whatever it says", typed()),
                Map.entry(
                        "negative axes are printed positive",
                        printed(t -> t.replace("int32(-1)", "int32(1)"))),
                Map.entry(
                        "true is printed false",
                        printed(t -> t.replace("bool(true)", "bool(false)"))),
                Map.entry(
                        "the mantissa is printed short",
                        printed(t -> t.replaceAll("(0x1\\.[0-9a-f]{2})[0-9a-f]+p", "$1p"))),
                Map.entry("the parser swaps sub's operands", parsed()),
                Map.entry(
                        "a pass drops transposes that keep the shape", passed(Movement.TRANSPOSE)),
                Map.entry("a pass takes relu for the identity", passed(Activations.RELU)),
                Map.entry("a pass takes reversed scans for the identity", passed(Scans.CUMSUM)));
    }

    private static Toolchain gradient(Op<?> op, UnaryOperator<Value> change) {
        return new Toolchain(
                n -> n.op() == op ? Planted.gradient(n, change) : n,
                Passes::run,
                MilPrinter::print,
                MilParser::parse);
    }

    private static Toolchain typed() {
        Function<Node<?>, Node<?>> wrong =
                n ->
                        n.op() == Reductions.REDUCE_MAX
                                ? Planted.type(n, t -> new TensorType(t.dtype(), flat(t.shape())))
                                : n;
        return new Toolchain(wrong::apply, Passes::run, MilPrinter::print, MilParser::parse);
    }

    private static Shape flat(Shape shape) {
        return Shape.of(shape.toList().stream().filter(d -> d != 1).toList());
    }

    private static Toolchain printed(UnaryOperator<String> change) {
        return new Toolchain(
                n -> n,
                Passes::run,
                g -> {
                    var right = MilPrinter.print(g);
                    return new Program(change.apply(right.text()), right.files(), Map.of());
                },
                MilParser::parse);
    }

    private static Toolchain parsed() {
        return new Toolchain(
                n -> n, Passes::run, MilPrinter::print, p -> subSwapped(MilParser.parse(p)));
    }

    private static Graph subSwapped(Graph graph) {
        return Rewriter.rewrite(
                graph,
                n ->
                        n.op() == Elementwise.SUB
                                ? n.withInputs(List.of(n.in(1), n.in(0))).outputs()
                                : n.outputs());
    }

    private static Toolchain passed(Op<?> dropped) {
        return new Toolchain(
                n -> n,
                g ->
                        Passes.run(
                                Rewriter.rewrite(
                                        g,
                                        n ->
                                                n.op() == dropped
                                                                && n.in(0)
                                                                        .type()
                                                                        .equals(n.out().type())
                                                        ? List.of(n.in(0))
                                                        : n.outputs())),
                MilPrinter::print,
                MilParser::parse);
    }

    @Test
    void thereAreMoreThanTwenty() {
        int bugs = kernels().size() + rules().size() + PlantedKernels.bugs().size();
        assertTrue(bugs >= 20, bugs + " bugs");
    }
}
