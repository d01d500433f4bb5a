package jane.engine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A convolution on views. A transposed one is a convolution over an image spread by the stride with
 * the kernel turned round; a weight gradient is one whose kernel is as large as the image.
 *
 * <p><b>Shapes.</b> x [N, groups * C, H, W]; weights [groups, O, C, kH, kW]; y [N, groups * O, H',
 * W']; bias [1, groups * O, 1, 1].
 *
 * @param what for the plan
 * @param relu whether negative results become 0, after the bias
 */
record ConvSpec(
        String what,
        View x,
        View weights,
        View y,
        Optional<View> bias,
        boolean relu,
        ImageAxis h,
        ImageAxis w) {

    /** x [N, Ci, H, W], weight [Co, Ci/g, kH, kW], y [N, Co, H', W']. */
    static ConvSpec forward(View x, View weight, View y, int groups, ImageAxis h, ImageAxis w) {
        var what = "conv     " + sizes(weight);
        return new ConvSpec(what, x, grouped(weight, groups), y, Optional.empty(), false, h, w);
    }

    /** x [N, Ci, H, W], weight [Ci, Co/g, kH, kW], y [N, Co, H', W']. */
    static ConvSpec transposed(View x, View weight, View y, int groups, ImageAxis h, ImageAxis w) {
        var turned = grouped(weight, groups).transpose(0, 2, 1, 3, 4).flip(3).flip(4);
        var what = "conv_t   " + sizes(weight);
        return new ConvSpec(what, x, turned, y, Optional.empty(), false, h, w);
    }

    /** The same with what follows it: a bias per channel, [1, Co, 1, 1], and perhaps a ReLU. */
    ConvSpec then(View added, boolean relu) {
        var all = what + " + bias" + (relu ? " + relu" : "");
        return new ConvSpec(all, x, weights, y, Optional.of(added), relu, h, w);
    }

    /**
     * The same in parts that skip the zeros between the elements of a spread image: each computes
     * the results that lie alike between them, with those taps that meet elements. A part may be
     * left without taps; its results are 0.
     */
    List<ConvSpec> phases() {
        var parts = new ArrayList<ConvSpec>();
        int down = h.hasPhases() ? Math.min(h.spread(), h.windows()) : 1;
        int across = w.hasPhases() ? Math.min(w.spread(), w.windows()) : 1;
        for (int i = 0; i < down; i++) {
            var rows = h.hasPhases() ? phase(2, h, i) : this;
            for (int j = 0; j < across; j++) {
                parts.add(w.hasPhases() ? rows.phase(3, w, j) : rows);
            }
        }
        return parts;
    }

    private ConvSpec phase(int axis, ImageAxis a, int r) {
        var part = a.phase(r);
        var taps = weights.slice(axis + 1, a.firstTap(r), part.kernel(), a.spread());
        var results = y.slice(axis, r, part.windows(), a.spread());
        return new ConvSpec(
                what, x, taps, results, bias, relu, axis == 2 ? part : h, axis == 3 ? part : w);
    }

    boolean hasTaps() {
        return h.kernel() > 0 && w.kernel() > 0;
    }

    int groups() {
        return weights.dims[0];
    }

    /** Output channels of a group. */
    int outputs() {
        return weights.dims[1];
    }

    /** Input channels of a group. */
    int channels() {
        return weights.dims[2];
    }

    /** Multiplications, of which each adds as well. */
    long products() {
        return (long) y.size() * channels() * h.kernel() * w.kernel();
    }

    private static View grouped(View weight, int groups) {
        int[] d = weight.dims;
        return weight.split(0, groups, d[0] / groups);
    }

    private static String sizes(View weight) {
        return weight.dims[0] + "x" + weight.dims[1] + "x" + weight.dims[2] + "x" + weight.dims[3];
    }
}
