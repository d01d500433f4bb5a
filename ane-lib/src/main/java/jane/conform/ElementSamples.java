package jane.conform;

import jane.ir.DType;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Rectifiers;
import jane.op.Rounding;
import jane.op.Trigonometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of the ops that work element by element. */
final class ElementSamples {
    private ElementSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        addArithmetic(all);
        addCurves(all);
        addWithAttributes(all);
        addLogic(all);
    }

    private static void addArithmetic(Map<Op<?>, Function<Draw, Node<?>>> all) {
        for (var op : List.of(Elementwise.ADD, Elementwise.SUB, Elementwise.MUL)) {
            all.put(op, d -> binary(d, op, arithmetic(d), Draw.Kind.ANY, Draw.Kind.ANY));
        }
        for (var op : List.of(Elementwise.MAXIMUM, Elementwise.MINIMUM)) {
            all.put(op, d -> binary(d, op, d.numbers(), Draw.Kind.ANY, Draw.Kind.ANY));
        }
        all.put(
                Elementwise.REAL_DIV,
                d ->
                        binary(
                                d,
                                Elementwise.REAL_DIV,
                                d.floats(),
                                Draw.Kind.ANY,
                                Draw.Kind.POSITIVE));
        all.put(
                Elementwise.POW,
                d ->
                        binary(
                                d,
                                Elementwise.POW,
                                d.floats(),
                                Draw.Kind.POSITIVE,
                                Draw.Kind.EXPONENT));
        for (var op : List.of(Elementwise.ABS, Elementwise.SIGN, Elementwise.SQUARE)) {
            all.put(op, d -> unary(d, op, arithmetic(d), Draw.Kind.ANY));
        }
        for (var op : List.of(Rounding.FLOOR_DIV, Rounding.MOD)) {
            all.put(op, d -> binary(d, op, d.floats(), Draw.Kind.ANY, Draw.Kind.POSITIVE));
        }
    }

    private static void addCurves(Map<Op<?>, Function<Draw, Node<?>>> all) {
        for (var op :
                List.of(
                        Elementwise.EXP,
                        Elementwise.EXP2,
                        Rounding.FLOOR,
                        Rounding.CEIL,
                        Rounding.ROUND,
                        Trigonometry.SIN,
                        Trigonometry.COS,
                        Trigonometry.ATAN,
                        Trigonometry.SINH,
                        Trigonometry.COSH,
                        Rectifiers.RELU6,
                        Rectifiers.SOFTSIGN,
                        Rectifiers.SOFTPLUS,
                        Activations.RELU,
                        Activations.SIGMOID,
                        Activations.TANH,
                        Activations.ERF,
                        Activations.SILU)) {
            all.put(op, d -> unary(d, op, d.floats(), Draw.Kind.ANY));
        }
        for (var op :
                List.of(
                        Trigonometry.TAN,
                        Trigonometry.ASIN,
                        Trigonometry.ACOS,
                        Trigonometry.ATANH)) {
            all.put(op, d -> unary(d, op, d.floats(), Draw.Kind.UNIT));
        }
        all.put(Elementwise.SQRT, d -> unary(d, Elementwise.SQRT, d.floats(), Draw.Kind.POSITIVE));
        all.put(Elementwise.IDENTITY, d -> unary(d, Elementwise.IDENTITY, anyType(d)));
        all.put(Elementwise.STOP_GRADIENT, d -> unary(d, Elementwise.STOP_GRADIENT, anyType(d)));
    }

    private static void addWithAttributes(Map<Op<?>, Function<Draw, Node<?>>> all) {
        for (var op :
                List.of(
                        Rectifiers.THRESHOLD,
                        Rectifiers.LEAKY_RELU,
                        Rectifiers.ELU,
                        Rectifiers.THRESHOLDED_RELU)) {
            all.put(op, d -> alpha(d, op));
        }
        for (var op :
                List.of(
                        Rectifiers.CLAMPED_RELU,
                        Rectifiers.LINEAR_ACTIVATION,
                        Rectifiers.SCALED_TANH,
                        Rectifiers.SIGMOID_HARD)) {
            all.put(op, d -> alphaBeta(d, op));
        }
        all.put(Rectifiers.PRELU, d -> perChannel(d, Rectifiers.PRELU, 1));
        all.put(
                Rectifiers.SOFTPLUS_PARAMETRIC,
                d -> perChannel(d, Rectifiers.SOFTPLUS_PARAMETRIC, 2));
        all.put(Elementwise.INVERSE, d -> epsilon(d, Elementwise.INVERSE));
        all.put(Elementwise.LOG, d -> epsilon(d, Elementwise.LOG));
        all.put(Elementwise.RSQRT, d -> epsilon(d, Elementwise.RSQRT));
        all.put(Elementwise.CLIP, ElementSamples::clip);
        all.put(Activations.GELU, ElementSamples::gelu);
    }

    private static void addLogic(Map<Op<?>, Function<Draw, Node<?>>> all) {
        for (var op :
                List.of(
                        Logic.EQUAL,
                        Logic.NOT_EQUAL,
                        Logic.LESS,
                        Logic.LESS_EQUAL,
                        Logic.GREATER,
                        Logic.GREATER_EQUAL)) {
            all.put(op, d -> binary(d, op, d.numbers(), Draw.Kind.ANY, Draw.Kind.ANY));
        }
        all.put(Logic.LOGICAL_NOT, d -> unary(d, Logic.LOGICAL_NOT, DType.BOOL));
        for (var op : List.of(Logic.LOGICAL_AND, Logic.LOGICAL_OR, Logic.LOGICAL_XOR)) {
            all.put(op, d -> binary(d, op, DType.BOOL, Draw.Kind.ANY, Draw.Kind.ANY));
        }
        all.put(Logic.SELECT, ElementSamples::select);
        all.put(Logic.CAST, ElementSamples::cast);
    }

    /** No ugly integers: their overflow is not defined. */
    private static DType arithmetic(Draw d) {
        return d.ugly() ? d.floats() : d.numbers();
    }

    private static DType anyType(Draw d) {
        return !d.smooth() && d.chance(0.1) ? DType.BOOL : d.numbers();
    }

    private static Node<?> unary(Draw d, Op<NoAttrs> op, DType dtype) {
        return unary(d, op, dtype, Draw.Kind.ANY);
    }

    private static Node<?> unary(Draw d, Op<NoAttrs> op, DType dtype, Draw.Kind kind) {
        var x = d.input(new TensorType(dtype, d.shape(0, 5)), kind);
        return Node.of(op, NoAttrs.NONE, List.of(x));
    }

    private static Node<?> binary(
            Draw d, Op<NoAttrs> op, DType dtype, Draw.Kind left, Draw.Kind right) {
        var whole = d.shape(0, 5);
        Shape p = d.chance(0.7) ? whole : d.narrowed(whole);
        Shape q = d.chance(0.4) ? whole : d.narrowed(whole);
        boolean swap = d.chance(0.5);
        var x = d.input(new TensorType(dtype, swap ? q : p), left);
        var y = d.input(new TensorType(dtype, swap ? p : q), right);
        return Node.of(op, NoAttrs.NONE, List.of(x, y));
    }

    private static Node<?> epsilon(Draw d, Op<Elementwise.Epsilon> op) {
        var x = d.input(new TensorType(d.floats(), d.shape(0, 5)), Draw.Kind.POSITIVE);
        double epsilon = d.pick(0.0, 0x1p-149, 0x1p-40, 1e-12, 0x1p-10, 0.25);
        return Node.of(op, new Elementwise.Epsilon(x.dtype().round(epsilon)), List.of(x));
    }

    private static Node<?> alpha(Draw d, Op<Rectifiers.Alpha> op) {
        var x = d.input(d.floats(), d.shape(0, 5));
        double alpha = x.dtype().round(d.pick(0.0, 0.01, 0.25, 1.0, -0.5, 1.5));
        return Node.of(op, new Rectifiers.Alpha(alpha), List.of(x));
    }

    private static Node<?> alphaBeta(Draw d, Op<Rectifiers.AlphaBeta> op) {
        var x = d.input(d.floats(), d.shape(0, 5));
        double alpha = x.dtype().round(d.pick(0.2, 0.25, 1.0, -0.5, 1.7));
        double beta = x.dtype().round(d.pick(0.5, 1.0, 1.25, 0.66));
        return Node.of(op, new Rectifiers.AlphaBeta(alpha, beta), List.of(x));
    }

    private static Node<?> perChannel(Draw d, Op<NoAttrs> op, int parameters) {
        var dtype = d.floats();
        var x = d.input(dtype, d.shape(3, 5));
        var inputs = new ArrayList<>(List.of(x));
        for (int i = 0; i < parameters; i++) {
            inputs.add(d.input(dtype, Shape.of(x.shape().dim(1))));
        }
        return Node.of(op, NoAttrs.NONE, inputs);
    }

    private static Node<?> clip(Draw d) {
        var x = d.input(d.floats(), d.shape(0, 5));
        double low = d.pick(-1.0, 0.0, -0.25);
        double high = d.pick(0.0, 0.5, 6.0);
        return Node.of(Elementwise.CLIP, new Elementwise.Bounds(low, high), List.of(x));
    }

    private static Node<?> gelu(Draw d) {
        var x = d.input(d.floats(), d.shape(0, 5));
        var mode = d.pick(Activations.GeluMode.values());
        return Node.of(Activations.GELU, new Activations.Gelu(mode), List.of(x));
    }

    private static Node<?> select(Draw d) {
        var dtype = anyType(d);
        var whole = d.shape(0, 5);
        var shapes = List.of(whole, d.narrowed(whole), d.narrowed(whole));
        var at = d.permutation(3);
        Value cond = d.input(DType.BOOL, shapes.get(at.get(0)));
        Value a = d.input(dtype, shapes.get(at.get(1)));
        Value b = d.input(dtype, shapes.get(at.get(2)));
        return Node.of(Logic.SELECT, NoAttrs.NONE, List.of(cond, a, b));
    }

    private static Node<?> cast(Draw d) {
        var from = d.smooth() ? DType.FP32 : d.pick(DType.values());
        var to = d.smooth() ? d.floats() : d.pick(DType.values());
        return Node.of(Logic.CAST, new Logic.To(to), List.of(d.input(from, d.shape(0, 5))));
    }
}
