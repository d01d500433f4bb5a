package jane.op;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * To 8-bit integers and back, with one scale or one per index of an axis. Source: MIL, iOS 17. The
 * zero point is of the integer type and may be left out.
 */
public final class Quantisation {
    /** Whether there is a scale per index of an axis, and of which; else one for all. */
    public record Scales(boolean perAxis, int axis) {
        /** One scale. */
        public static final Scales ONE = new Scales(false, 0);

        /** A scale per index of {@code axis}. */
        public static Scales along(int axis) {
            return new Scales(true, axis);
        }
    }

    /** The integer type and the scales. */
    public record Quantize(DType output, Scales scales) {}

    /** {@code clip(round(x / scale) + zero_point)}; ties to even. */
    public static final Op<Quantize> QUANTIZE =
            OpDef.<Quantize>named("quantize")
                    .type((a, in) -> List.of(quantized(a, in)))
                    .notDifferentiable()
                    .mil(
                            Spelling.<Quantize>of("quantize")
                                    .operand("input")
                                    .operand("scale")
                                    .optional("zero_point", 0)
                                    .string("output_dtype", a -> a.output().mil())
                                    .maybe("axis", Literal.Kind.INT, a -> literal(a.scales()))
                                    .build(
                                            a ->
                                                    new Quantize(
                                                            DType.ofMil(a.string("output_dtype")),
                                                            scales(a))))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    double zero = at(in, 2, i, a.scales());
                                    double v = in.get(0).get(i) / at(in, 1, i, a.scales());
                                    out.data()[i] = a.output().round(Math.rint(v) + zero);
                                }
                            })
                    .flops(n -> 3L * n.out().shape().size())
                    .build();

    /** {@code scale (x - zero_point)}. */
    public static final Op<Scales> DEQUANTIZE =
            OpDef.<Scales>named("dequantize")
                    .type((a, in) -> List.of(dequantized(a, in)))
                    .is(Quantisation::dequantize)
                    .mil(
                            Spelling.<Scales>of("dequantize")
                                    .operand("input")
                                    .operand("scale")
                                    .optional("zero_point", 0)
                                    .maybe("axis", Literal.Kind.INT, Quantisation::literal)
                                    .build(Quantisation::scales))
                    .reference(
                            (a, in, out) -> {
                                for (int i = 0; i < out.data().length; i++) {
                                    double zero = at(in, 2, i, a);
                                    double scale = at(in, 1, i, a);
                                    out.data()[i] = scale * (in.get(0).get(i) - zero);
                                }
                            })
                    .flops(n -> 2L * n.out().shape().size())
                    .build();

    static final List<Op<?>> ALL = List.of(QUANTIZE, DEQUANTIZE);

    private Quantisation() {}

    private static Optional<Literal> literal(Scales a) {
        return a.perAxis() ? Optional.of(new Literal.Int(a.axis())) : Optional.empty();
    }

    private static Scales scales(Spelling.Args a) {
        return a.has("axis") ? Scales.along(a.integer("axis")) : Scales.ONE;
    }

    private static TensorType quantized(Quantize a, List<TensorType> in) {
        var x = Types.floats("quantize", in.get(0));
        Types.sameDtype("quantize", x, in.get(1));
        requireByte("quantize", "output_dtype", a.output());
        check("quantize", a.scales(), in, a.output());
        return x.as(a.output());
    }

    private static TensorType dequantized(Scales a, List<TensorType> in) {
        requireByte("dequantize", "input", in.get(0).dtype());
        Types.floats("dequantize", in.get(1));
        check("dequantize", a, in, in.get(0).dtype());
        return in.get(0).as(in.get(1).dtype());
    }

    private static void requireByte(String op, String what, DType dtype) {
        if (dtype != DType.INT8 && dtype != DType.UINT8) {
            throw new ShapeException(op, "%s is %s; need int8 or uint8", what, dtype);
        }
    }

    private static void check(String op, Scales scales, List<TensorType> in, DType zeros) {
        var x = in.get(0).shape();
        var need = scales.perAxis() ? Shape.of(x.dim(x.axis(scales.axis(), op))) : Shape.SCALAR;
        for (var parameter : in.subList(1, in.size())) {
            if (!parameter.shape().equals(need)) {
                throw new ShapeException(
                        op,
                        "scale or zero_point of shape %s for input %s and %s; need %s",
                        parameter.shape(),
                        x,
                        scales.perAxis() ? "axis " + scales.axis() : "no axis",
                        need);
            }
        }
        if (in.size() > 2 && in.get(2).dtype() != zeros) {
            throw new ShapeException(op, "zero_point is %s; need %s", in.get(2).dtype(), zeros);
        }
    }

    /** Element of input {@code k} that belongs to element {@code i} of the first. */
    private static double at(List<Dense> in, int k, int i, Scales scales) {
        if (in.size() <= k) {
            return 0;
        }
        if (!scales.perAxis()) {
            return in.get(k).get(0);
        }
        var x = in.get(0).shape();
        return in.get(k).get(Index.unravel(i, x)[x.axis(scales.axis(), "quantize")]);
    }

    private static Value dequantize(Node<Scales> n) {
        var dtype = n.out().dtype();
        var x = Logic.cast(n.in(0), dtype);
        if (n.inputs().size() > 2) {
            x = Elementwise.sub(x, along(n, Logic.cast(n.in(2), dtype)));
        }
        return Elementwise.mul(x, along(n, n.in(1)));
    }

    private static Value along(Node<Scales> n, Value v) {
        if (v.shape().rank() == 0) {
            return v;
        }
        var shape = n.out().shape();
        var dims = new int[shape.rank()];
        Arrays.fill(dims, 1);
        dims[shape.axis(n.attrs().axis(), "dequantize")] = v.shape().dim(0);
        return Movement.reshape(v, Shape.of(dims));
    }
}
