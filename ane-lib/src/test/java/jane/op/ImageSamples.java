package jane.op;

import jane.ir.DType;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of convolutions and pools: every stride, dilation, padding and group count. */
final class ImageSamples {
    private ImageSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        all.put(Convolution.CONV, ImageSamples::conv);
        all.put(Convolution.CONV_TRANSPOSE, ImageSamples::convTranspose);
        all.put(Pooling.MAX_POOL, d -> pool(d, Pooling.MAX_POOL, true));
        all.put(Pooling.AVG_POOL, d -> pool(d, Pooling.AVG_POOL, false));
    }

    private static Node<?> conv(Draw d) {
        int groups = d.pick(1, 1, 2, 3);
        var kernel = List.of(d.between(1, 3), d.pick(1, 2, 3, 3, 5));
        var strides = List.of(d.between(1, 3), d.between(1, 3));
        var dilations = List.of(d.pick(1, 1, 2), d.pick(1, 1, 2, 3));
        var padType = d.pick("valid", "custom", "custom", "same", "same_lower");
        var pad = pads(d, padType, 3, 3);
        int in = groups * d.between(1, d.smooth() ? 1 : 5);
        int out = groups * d.between(1, d.smooth() ? 2 : 7);
        var x = new ArrayList<>(List.of(batch(d), in));
        for (int i = 0; i < 2; i++) {
            int extent = (kernel.get(i) - 1) * dilations.get(i) + 1;
            int need =
                    padType.startsWith("same") ? 1 : extent - pad.get(2 * i) - pad.get(2 * i + 1);
            x.add(image(d, need));
        }
        DType dtype = d.floats();
        var attrs = new Convolution.Conv(strides, padType, pad, dilations, groups);
        var image = d.input(dtype, Shape.of(x));
        var weight = d.input(dtype, Shape.of(out, in / groups, kernel.get(0), kernel.get(1)));
        return Node.of(Convolution.CONV, attrs, List.of(image, weight));
    }

    private static Node<?> convTranspose(Draw d) {
        int groups = d.pick(1, 1, 2, 3);
        var kernel = List.of(d.between(1, 3), d.between(1, 4));
        var strides = List.of(d.between(1, 3), d.between(1, 3));
        var dilations = List.of(d.pick(1, 1, 2), d.pick(1, 1, 2));
        var padType = d.pick("valid", "custom", "custom");
        // Half the extent on each side at most: at least one row is left of any image.
        int rows = (kernel.get(0) - 1) * dilations.get(0) / 2;
        int cols = (kernel.get(1) - 1) * dilations.get(1) / 2;
        int in = groups * d.between(1, d.smooth() ? 1 : 4);
        int out = d.between(1, d.smooth() ? 2 : 4);
        var x = Shape.of(batch(d), in, image(d, 1), image(d, 1));
        DType dtype = d.floats();
        var attrs =
                new Convolution.Conv(
                        strides, padType, pads(d, padType, rows, cols), dilations, groups);
        var image = d.input(dtype, x);
        var weight = d.input(dtype, Shape.of(in, out, kernel.get(0), kernel.get(1)));
        return Node.of(Convolution.CONV_TRANSPOSE, attrs, List.of(image, weight));
    }

    private static Node<?> pool(Draw d, Op<Pooling.Pool> op, boolean max) {
        var kernel = List.of(d.between(1, 4), d.between(1, 4));
        var strides = List.of(d.between(1, 4), d.between(1, 4));
        var padType = d.pick("valid", "custom", "custom", "same", "same_lower");
        // Less than the kernel: every window sees some of the image.
        var pad = pads(d, padType, kernel.get(0) - 1, kernel.get(1) - 1);
        var x = new ArrayList<>(List.of(batch(d), d.between(1, d.smooth() ? 2 : 5)));
        for (int i = 0; i < 2; i++) {
            boolean same = padType.startsWith("same");
            x.add(image(d, same ? 1 : kernel.get(i) - pad.get(2 * i) - pad.get(2 * i + 1)));
        }
        boolean exclude = max || d.chance(0.5);
        var attrs = new Pooling.Pool(kernel, strides, padType, pad, false, exclude);
        return Node.of(op, attrs, List.of(d.input(d.floats(), Shape.of(x))));
    }

    private static int batch(Draw d) {
        return d.chance(0.03) ? 0 : d.between(1, 2);
    }

    private static int image(Draw d, int need) {
        int more = d.smooth() ? d.between(0, 4) : d.pick(0, 1, 2, 3, 5, 12, 16);
        return Math.max(1, need) + more;
    }

    /** Top, bottom, left, right. MIL wants zeros unless the padding is custom. */
    private static List<Integer> pads(Draw d, String padType, int rows, int cols) {
        return padType.equals("custom")
                ? List.of(
                        d.between(0, rows),
                        d.between(0, rows),
                        d.between(0, cols),
                        d.between(0, cols))
                : List.of(0, 0, 0, 0);
    }
}
