package jane.conform;

import jane.ir.DType;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.Value;
import jane.op.Blocks;
import jane.op.Convolution;
import jane.op.Pooling;
import jane.op.Resize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Samples of convolutions and pools: every stride, dilation, padding and group count. */
final class ImageSamples {
    private ImageSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        all.put(Convolution.CONV, ImageSamples::conv);
        all.put(Convolution.CONV_TRANSPOSE, ImageSamples::convTranspose);
        for (var op : List.of(Pooling.MAX_POOL, Pooling.AVG_POOL, Pooling.L2_POOL)) {
            all.put(op, d -> pool(d, op));
        }
        all.put(Resize.UPSAMPLE_NEAREST_NEIGHBOR, ImageSamples::nearest);
        all.put(Resize.UPSAMPLE_BILINEAR, ImageSamples::bilinear);
        for (var op : List.of(Resize.RESIZE_NEAREST_NEIGHBOR, Resize.RESIZE_BILINEAR)) {
            all.put(op, d -> resize(d, op));
        }
        all.put(Blocks.DEPTH_TO_SPACE, d -> toSpace(d, Blocks.DEPTH_TO_SPACE));
        all.put(Blocks.PIXEL_SHUFFLE, d -> toSpace(d, Blocks.PIXEL_SHUFFLE));
        all.put(Blocks.SPACE_TO_DEPTH, d -> toDepth(d, Blocks.SPACE_TO_DEPTH));
        all.put(Blocks.PIXEL_UNSHUFFLE, d -> toDepth(d, Blocks.PIXEL_UNSHUFFLE));
    }

    private static Node<?> conv(Draw d) {
        int axes = axes(d);
        int groups = d.pick(1, 1, 2, 3);
        var kernel = each(axes, i -> i == 0 ? d.between(1, 3) : d.pick(1, 2, 3, 3, 5));
        var strides = each(axes, i -> d.between(1, 3));
        var dilations = each(axes, i -> d.pick(1, 1, 2, 3));
        var padType = d.pick("valid", "custom", "custom", "same", "same_lower");
        var pad = pads(d, padType, each(axes, i -> 3));
        int in = groups * d.between(1, d.smooth() ? 1 : 5);
        int out = groups * d.between(1, d.smooth() ? 2 : 7);
        var x = new ArrayList<>(List.of(batch(d), in));
        for (int i = 0; i < axes; i++) {
            int extent = (kernel.get(i) - 1) * dilations.get(i) + 1;
            int need =
                    padType.startsWith("same") ? 1 : extent - pad.get(2 * i) - pad.get(2 * i + 1);
            x.add(image(d, need, axes));
        }
        DType dtype = d.floats();
        var attrs = new Convolution.Conv(strides, padType, pad, dilations, groups);
        return Node.of(
                Convolution.CONV, attrs, operands(d, dtype, x, out, in / groups, kernel, out));
    }

    private static List<Value> operands(
            Draw d,
            DType dtype,
            List<Integer> x,
            int outer,
            int inner,
            List<Integer> kernel,
            int channels) {
        var inputs = new ArrayList<Value>();
        inputs.add(d.input(dtype, Shape.of(x)));
        var weight = new ArrayList<>(List.of(outer, inner));
        weight.addAll(kernel);
        inputs.add(d.input(dtype, Shape.of(weight)));
        if (d.chance(0.3)) {
            inputs.add(d.input(dtype, Shape.of(channels)));
        }
        return inputs;
    }

    private static Node<?> convTranspose(Draw d) {
        int axes = axes(d);
        int groups = d.pick(1, 1, 2, 3);
        var kernel = each(axes, i -> d.between(1, 3));
        var strides = each(axes, i -> d.between(1, 3));
        var dilations = each(axes, i -> d.pick(1, 1, 2));
        var padType = d.pick("valid", "custom", "custom", "same");
        int in = groups * d.between(1, d.smooth() ? 1 : 4);
        int out = d.between(1, d.smooth() ? 2 : 4);
        var x = new ArrayList<>(List.of(batch(d), in));
        // Half the extent on each side at most: at least one row is left of any image.
        var pad = pads(d, padType, each(axes, i -> (kernel.get(i) - 1) * dilations.get(i) / 2));
        var whole = new ArrayList<>(List.of(x.get(0), out * groups));
        for (int i = 0; i < axes; i++) {
            x.add(image(d, 1, axes));
            int covered = (x.get(2 + i) - 1) * strides.get(i);
            covered += (kernel.get(i) - 1) * dilations.get(i) + 1;
            whole.add(Math.max(1, covered - pad.get(2 * i) + d.between(-2, 2)));
        }
        DType dtype = d.floats();
        var attrs =
                new Convolution.Conv(
                        strides,
                        padType,
                        pad,
                        dilations,
                        groups,
                        d.chance(0.15) ? whole : List.of());
        return Node.of(
                Convolution.CONV_TRANSPOSE,
                attrs,
                operands(d, dtype, x, in, out, kernel, out * groups));
    }

    private static Node<?> pool(Draw d, Op<Pooling.Pool> op) {
        int axes = axes(d);
        var kernel = each(axes, i -> d.between(1, 4));
        var strides = each(axes, i -> d.between(1, 4));
        boolean ceil = axes < 3 && d.chance(0.25);
        var padType =
                ceil
                        ? d.pick("valid", "custom")
                        : d.pick("valid", "custom", "custom", "same", "same_lower");
        // Less than the kernel: every window sees some of the image.
        var pad = pads(d, padType, each(axes, i -> kernel.get(i) - 1));
        if (ceil) {
            var first = pad;
            pad = each(2 * axes, i -> first.get(i / 2 * 2));
        }
        var x = new ArrayList<>(List.of(batch(d), d.between(1, d.smooth() ? 2 : 5)));
        for (int i = 0; i < axes; i++) {
            boolean same = padType.startsWith("same");
            int need = same ? 1 : kernel.get(i) - pad.get(2 * i) - pad.get(2 * i + 1);
            x.add(image(d, need, axes));
        }
        boolean exclude = op != Pooling.AVG_POOL || d.chance(0.5);
        var attrs = new Pooling.Pool(kernel, strides, padType, pad, ceil, exclude);
        return Node.of(op, attrs, List.of(d.input(d.floats(), Shape.of(x))));
    }

    private static Node<?> nearest(Draw d) {
        var x = d.input(d.floats(), small(d));
        var attrs = new Resize.Nearest(factor(d), factor(d));
        return Node.of(Resize.UPSAMPLE_NEAREST_NEIGHBOR, attrs, List.of(x));
    }

    private static Node<?> bilinear(Draw d) {
        var x = d.input(d.floats(), small(d));
        boolean corners = d.chance(0.5);
        boolean half = !corners && d.chance(0.5);
        var attrs = new Resize.Bilinear(factor(d), factor(d), corners, half);
        return Node.of(Resize.UPSAMPLE_BILINEAR, attrs, List.of(x));
    }

    private static Node<?> resize(Draw d, Op<Resize.Target> op) {
        var x = d.input(d.floats(), small(d));
        var sampling =
                op == Resize.RESIZE_NEAREST_NEIGHBOR
                        ? "DEFAULT"
                        : d.pick(
                                "STRICT_ALIGN_CORNERS",
                                "ALIGN_CORNERS",
                                "DEFAULT",
                                "OFFSET_CORNERS",
                                "UNALIGN_CORNERS");
        var attrs = new Resize.Target(d.between(1, 7), d.between(1, 7), sampling);
        return Node.of(op, attrs, List.of(x));
    }

    private static Literal.Scalar factor(Draw d) {
        return d.chance(0.5)
                ? new Literal.Scalar(DType.INT32, d.between(1, 3))
                : new Literal.Scalar(DType.FP32, d.pick(1.0, 2.0, 1.5, 0.75, 2.25));
    }

    private static Shape small(Draw d) {
        var dims = new ArrayList<Integer>();
        for (int i = d.between(1, 2); i > 0; i--) {
            dims.add(d.between(1, 2));
        }
        dims.add(d.pick(1, 2, 3, 5));
        dims.add(d.pick(1, 2, 3, 5));
        return Shape.of(dims);
    }

    private static Node<?> toSpace(Draw d, Op<Blocks.Block> op) {
        int b = d.between(1, 3);
        var shape = Shape.of(batch(d), b * b * d.between(1, 2), d.between(1, 3), d.between(1, 2));
        return Node.of(op, new Blocks.Block(b), List.of(d.input(d.numbers(), shape)));
    }

    private static Node<?> toDepth(Draw d, Op<Blocks.Block> op) {
        int b = d.between(1, 3);
        var shape = Shape.of(batch(d), d.between(1, 3), b * d.between(1, 2), b * d.between(1, 2));
        return Node.of(op, new Blocks.Block(b), List.of(d.input(d.numbers(), shape)));
    }

    /** Mostly images; sometimes lines and volumes. */
    private static int axes(Draw d) {
        return d.pick(2, 2, 2, 1, 3);
    }

    private static List<Integer> each(int count, IntFunction<Integer> f) {
        return IntStream.range(0, count).mapToObj(f).toList();
    }

    private static int batch(Draw d) {
        return d.chance(0.03) ? 0 : d.between(1, 2);
    }

    private static int image(Draw d, int need, int axes) {
        int more = d.smooth() ? d.between(0, 4 / axes + 1) : d.pick(0, 1, 2, 3, 5, 12, 16);
        return Math.max(1, need) + (axes == 3 ? Math.min(more, 3) : more);
    }

    /** Before and after each axis. MIL wants zeros unless the padding is custom. */
    private static List<Integer> pads(Draw d, String padType, List<Integer> most) {
        boolean custom = padType.equals("custom");
        return each(2 * most.size(), i -> custom ? d.between(0, most.get(i / 2)) : 0);
    }
}
