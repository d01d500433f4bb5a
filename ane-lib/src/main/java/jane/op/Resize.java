package jane.op;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Images of another size. Shapes: x (..., H, W), rank 3 or more; y (..., H', W'); dtype fp16 or
 * fp32. Source: MIL, iOS 16.
 */
public final class Resize {
    /** Factors for H and W, whole or not; the result has {@code floor(size * factor)}. */
    public record Nearest(Literal.Scalar height, Literal.Scalar width) {}

    /**
     * Factors for H and W, whether the corners of both images meet, and whether a pixel is taken at
     * its middle; text that does not say means that it is where the corners do not meet.
     */
    public record Bilinear(
            Literal.Scalar height,
            Literal.Scalar width,
            boolean alignCorners,
            boolean halfPixels) {}

    /** The result's H and W, and where it takes samples, one of {@link Sampling}'s names. */
    public record Target(int height, int width, String sampling) {}

    /** Where on the input's axis a result's pixel lies. */
    private enum Sampling {
        STRICT_ALIGN_CORNERS,
        ALIGN_CORNERS,
        DEFAULT,
        OFFSET_CORNERS,
        UNALIGN_CORNERS;

        double at(int i, int in, int out) {
            double place =
                    switch (this) {
                        case STRICT_ALIGN_CORNERS -> out == 1 ? 0 : i * (in - 1.0) / (out - 1);
                        case ALIGN_CORNERS ->
                                out == 1 ? (in - 1) / 2.0 : i * (in - 1.0) / (out - 1);
                        case DEFAULT -> i * (double) in / out;
                        case OFFSET_CORNERS -> (i + 0.5) * Math.max(1, in - 1) / out;
                        case UNALIGN_CORNERS -> (i + 0.5) * in / out - 0.5;
                    };
            return Math.min(in - 1, Math.max(0, place));
        }
    }

    private static final Literal.Scalar ONE = new Literal.Scalar(DType.INT32, 1);
    private static final int MOST_COPIES = 8;

    /** Each pixel repeated: pixel {@code floor(i H / H')}. */
    public static final Op<Nearest> UPSAMPLE_NEAREST_NEIGHBOR =
            OpDef.<Nearest>named("upsample_nearest_neighbor")
                    .type(
                            (a, in) ->
                                    List.of(
                                            scaled(
                                                    "upsample_nearest_neighbor",
                                                    in.get(0),
                                                    a.height(),
                                                    a.width())))
                    .is(Resize::repeated)
                    .mil(
                            Resize.<Nearest>factors(
                                            "upsample_nearest_neighbor",
                                            Nearest::height,
                                            Nearest::width)
                                    .build(
                                            a ->
                                                    new Nearest(
                                                            a.scalar("scale_factor_height"),
                                                            a.scalar("scale_factor_width"))))
                    .reference((a, in, out) -> nearest(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** As {@link #UPSAMPLE_NEAREST_NEIGHBOR} to a given size. */
    public static final Op<Target> RESIZE_NEAREST_NEIGHBOR =
            OpDef.<Target>named("resize_nearest_neighbor")
                    .type(
                            (a, in) ->
                                    List.of(
                                            sized(
                                                    "resize_nearest_neighbor",
                                                    in.get(0),
                                                    a.height(),
                                                    a.width())))
                    .is(Resize::repeated)
                    .mil(
                            Spelling.<Target>of("resize_nearest_neighbor")
                                    .operand("x")
                                    .integer("target_size_height", Target::height)
                                    .integer("target_size_width", Target::width)
                                    .build(
                                            a ->
                                                    new Target(
                                                            a.integer("target_size_height"),
                                                            a.integer("target_size_width"),
                                                            Sampling.DEFAULT.name())))
                    .reference((a, in, out) -> nearest(in.get(0), out))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** Between pixels the line between them, in both directions. */
    public static final Op<Bilinear> UPSAMPLE_BILINEAR =
            OpDef.<Bilinear>named("upsample_bilinear")
                    .type(
                            (a, in) -> {
                                sampling(a);
                                return List.of(
                                        scaled(
                                                "upsample_bilinear",
                                                in.get(0),
                                                a.height(),
                                                a.width()));
                            })
                    .is(n -> mixed(n, sampling(n.attrs())))
                    .mil(
                            Resize.<Bilinear>factors(
                                            "upsample_bilinear", Bilinear::height, Bilinear::width)
                                    .bool("align_corners", Bilinear::alignCorners, true)
                                    .maybe(
                                            "half_pixel_centers",
                                            Literal.Kind.BOOL,
                                            a -> Optional.of(new Literal.Bool(a.halfPixels())))
                                    .build(Resize::readBilinear))
                    .reference((a, in, out) -> mix(in.get(0), out, sampling(a)))
                    .flops(n -> 8L * n.out().shape().size())
                    .build();

    /** As {@link #UPSAMPLE_BILINEAR} to a given size, with more ways to place the samples. */
    public static final Op<Target> RESIZE_BILINEAR =
            OpDef.<Target>named("resize_bilinear")
                    .type(
                            (a, in) -> {
                                sampling(a);
                                return List.of(
                                        sized("resize_bilinear", in.get(0), a.height(), a.width()));
                            })
                    .is(n -> mixed(n, sampling(n.attrs())))
                    .mil(
                            Spelling.<Target>of("resize_bilinear")
                                    .operand("x")
                                    .integer("target_size_height", Target::height, 1)
                                    .integer("target_size_width", Target::width, 1)
                                    .string("sampling_mode", Target::sampling, "DEFAULT")
                                    .build(
                                            a ->
                                                    new Target(
                                                            a.integer("target_size_height"),
                                                            a.integer("target_size_width"),
                                                            a.string("sampling_mode"))))
                    .reference((a, in, out) -> mix(in.get(0), out, sampling(a)))
                    .flops(n -> 8L * n.out().shape().size())
                    .build();

    static final List<Op<?>> ALL =
            List.of(
                    UPSAMPLE_NEAREST_NEIGHBOR,
                    RESIZE_NEAREST_NEIGHBOR,
                    UPSAMPLE_BILINEAR,
                    RESIZE_BILINEAR);

    private Resize() {}

    /** Each pixel {@code factor} times in both directions. */
    public static Value upsample(Value x, int factor) {
        var f = new Literal.Scalar(DType.INT32, factor);
        return Node.of(UPSAMPLE_NEAREST_NEIGHBOR, new Nearest(f, f), List.of(x)).out();
    }

    /** Bilinear, to a given size. */
    public static Value bilinear(Value x, int height, int width) {
        var attrs = new Target(height, width, Sampling.UNALIGN_CORNERS.name());
        return Node.of(RESIZE_BILINEAR, attrs, List.of(x)).out();
    }

    private static <A> Spelling.Builder<A> factors(
            String op, Function<A, Literal> height, Function<A, Literal> width) {
        return Spelling.<A>of(op)
                .operand("x")
                .attr("scale_factor_height", Literal.Kind.SCALAR, height, ONE)
                .attr("scale_factor_width", Literal.Kind.SCALAR, width, ONE);
    }

    private static Bilinear readBilinear(Spelling.Args a) {
        boolean corners = a.bool("align_corners");
        return new Bilinear(
                a.scalar("scale_factor_height"),
                a.scalar("scale_factor_width"),
                corners,
                a.has("half_pixel_centers") ? a.bool("half_pixel_centers") : !corners);
    }

    private static Sampling sampling(Bilinear a) {
        if (a.alignCorners() && a.halfPixels()) {
            throw new ShapeException(
                    "upsample_bilinear",
                    "align_corners and half_pixel_centers are both true; need one of them at most");
        }
        if (a.alignCorners()) {
            return Sampling.STRICT_ALIGN_CORNERS;
        }
        return a.halfPixels() ? Sampling.UNALIGN_CORNERS : Sampling.DEFAULT;
    }

    private static Sampling sampling(Target a) {
        for (var known : Sampling.values()) {
            if (known.name().equals(a.sampling())) {
                return known;
            }
        }
        throw new ShapeException(
                "resize_bilinear",
                "sampling_mode \"%s\"; need one of %s",
                a.sampling(),
                List.of(Sampling.values()));
    }

    private static TensorType scaled(
            String op, TensorType x, Literal.Scalar height, Literal.Scalar width) {
        checkImage(op, x);
        return sized(op, x, length(op, x, -2, height), length(op, x, -1, width));
    }

    private static int length(String op, TensorType x, int axis, Literal.Scalar factor) {
        double length = Math.floor(x.shape().dim(axis) * factor.value());
        boolean number = factor.dtype() == DType.INT32 || factor.dtype() == DType.FP32;
        if (!number || !(factor.value() > 0 && length <= Integer.MAX_VALUE)) {
            throw new ShapeException(
                    op,
                    "factor %s of type %s for axis %d of shape %s; need a positive int32 or fp32"
                            + " and a result of at most 2^31 - 1",
                    factor.value(),
                    factor.dtype(),
                    axis,
                    x.shape());
        }
        return (int) length;
    }

    private static void checkImage(String op, TensorType x) {
        Types.floats(op, x);
        if (x.shape().rank() < 3) {
            throw new ShapeException(
                    op, "input has shape %s; need rank 3 or more, (..., H, W)", x.shape());
        }
    }

    private static TensorType sized(String op, TensorType x, int height, int width) {
        checkImage(op, x);
        boolean empty = x.shape().dim(-2) == 0 && height > 0 || x.shape().dim(-1) == 0 && width > 0;
        if (height < 0 || width < 0 || empty) {
            throw new ShapeException(
                    op,
                    "input %s to %d by %d; need sizes of 0 or more, and pixels to take",
                    x.shape(),
                    height,
                    width);
        }
        return x.as(x.shape().with(-2, height).with(-1, width));
    }

    private static int source(int i, int in, int out) {
        return (int) ((long) i * in / out);
    }

    private static void nearest(Dense x, Dense y) {
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            for (int axis = at.length - 2; axis < at.length; axis++) {
                at[axis] = source(at[axis], x.shape().dim(axis), y.shape().dim(axis));
            }
            y.data()[i] = x.get(Index.ravel(at, x.shape()));
        }
    }

    /** Whole factors as operands in turn, which any engine has; others by index. */
    private static Value repeated(Node<?> n) {
        var x = n.in(0);
        for (int axis = x.shape().rank() - 2; axis < x.shape().rank(); axis++) {
            int in = x.shape().dim(axis);
            int out = n.out().shape().dim(axis);
            int factor = in == 0 ? 1 : out / in;
            if (in * factor == out && factor > 0 && factor <= MOST_COPIES) {
                x = Joining.interleave(Collections.nCopies(factor, x), axis);
            } else {
                var indices = new double[out];
                for (int i = 0; i < out; i++) {
                    indices[i] = source(i, in, out);
                }
                var type = new TensorType(DType.INT32, Shape.of(out));
                x = Indexing.gather(x, Indexing.constant(type, indices), axis);
            }
        }
        return x;
    }

    private static void mix(Dense x, Dense y, Sampling sampling) {
        for (int i = 0; i < y.data().length; i++) {
            var at = Index.unravel(i, y.shape());
            int h = at.length - 2;
            int w = at.length - 1;
            double row = sampling.at(at[h], x.shape().dim(h), y.shape().dim(h));
            double column = sampling.at(at[w], x.shape().dim(w), y.shape().dim(w));
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                double far = k / 2 == 0 ? 1 - row % 1 : row % 1;
                double wide = k % 2 == 0 ? 1 - column % 1 : column % 1;
                if (far * wide != 0) {
                    at[h] = (int) row + k / 2;
                    at[w] = (int) column + k % 2;
                    sum += far * wide * x.get(Index.ravel(at, x.shape()));
                }
            }
            y.data()[i] = sum;
        }
    }

    /** As products with two constant matrices, whose gradient is two products as well. */
    private static Value mixed(Node<?> n, Sampling sampling) {
        var x = n.in(0);
        var y = n.out().shape();
        if (y.size() == 0) {
            return Movement.fill(n.out().type(), 0);
        }
        var rows = weights(sampling, x, -2, y.dim(-2));
        var columns = weights(sampling, x, -1, y.dim(-1));
        return Contraction.matmul(Contraction.matmul(rows, x), columns, false, true);
    }

    /** The matrix from an axis of x to {@code out} samples. */
    private static Value weights(Sampling sampling, Value x, int axis, int out) {
        int in = x.shape().dim(axis);
        var type = x.type().as(Shape.of(out, in));
        var weights = new double[type.shape().size()];
        for (int i = 0; i < out; i++) {
            double place = sampling.at(i, in, out);
            int low = (int) place;
            weights[i * in + low] += 1 - place % 1;
            if (low + 1 < in) {
                weights[i * in + low + 1] += place % 1;
            }
        }
        return Leaf.constant(ConstData.of(type, weights));
    }
}
