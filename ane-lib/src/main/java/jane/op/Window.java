package jane.op;

import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Where windows of a convolution or pooling lie on one image axis. {@code extra}: how far beyond
 * the padding the last one may reach.
 */
record Window(int size, int kernel, int stride, int dilation, int before, int after, int extra) {
    private static final List<String> FORMS =
            List.of("[N, C, W]", "[N, C, H, W]", "[N, C, D, H, W]");

    /** Index on the image axis of tap {@code k} of output {@code o}; may lie outside. */
    int at(int o, int k) {
        return o * stride - before + k * dilation;
    }

    /** Whether {@code i} lies on the image. */
    boolean inside(int i) {
        return i >= 0 && i < size;
    }

    /** Whether {@code i} lies on the image or its padding. */
    boolean insidePadded(int i) {
        return i >= -before && i < size + after;
    }

    /** Length of the kernel with its gaps. */
    int extent() {
        return (kernel - 1) * dilation + 1;
    }

    /** End of the last window, counted from the start of the padded axis. */
    int reach() {
        return (count() - 1) * stride + extent();
    }

    /** How far the last window reaches beyond the image. */
    int overhang() {
        return Math.max(0, reach() - before - size);
    }

    /** Number of windows. */
    int count() {
        return (size + before + after + extra - extent()) / stride + 1;
    }

    /** The windows on each image axis of x [N, C, ...]. */
    static List<Window> all(String op, Shape x, List<Integer> kernel, WindowAttrs a) {
        var windows = new ArrayList<Window>();
        for (int i = 0; i < kernel.size(); i++) {
            windows.add(of(op, i, x.dim(2 + i), kernel.get(i), a));
        }
        return windows;
    }

    /** How many windows each axis has. */
    static List<Integer> counts(List<Window> windows) {
        return windows.stream().map(Window::count).toList();
    }

    /** Padding before and after, per axis. */
    static List<Integer> pads(List<Window> windows) {
        var pads = new ArrayList<Integer>();
        windows.forEach(w -> pads.addAll(List.of(w.before(), w.after() + w.extra())));
        return pads;
    }

    /** {@code shape}'s first two dimensions, then {@code image}. */
    static Shape shape(int n, int channels, List<Integer> image) {
        var dims = new ArrayList<>(List.of(n, channels));
        dims.addAll(image);
        return Shape.of(dims);
    }

    /**
     * The windows on image axis {@code i} (0 is the first after the channels).
     *
     * @param padType valid, same, same_lower or custom, as MIL means them
     */
    private static Window of(String op, int i, int size, int kernel, WindowAttrs a) {
        int stride = a.strides().get(i);
        int dilation = a.dilations().get(i);
        long extent = (kernel - 1L) * dilation + 1;
        long last = size == 0 ? 0 : (size - 1L) / stride * stride; // start of the last window
        int total =
                switch (a.padType()) {
                    case "same", "same_lower" ->
                            (int) Math.min(Integer.MAX_VALUE, Math.max(0, last + extent - size));
                    default -> 0;
                };
        int before =
                switch (a.padType()) {
                    case "valid" -> 0;
                    case "same" -> total / 2;
                    case "same_lower" -> total - total / 2;
                    case "custom" -> a.pad().get(2 * i);
                    default ->
                            throw new ShapeException(
                                    op,
                                    "pad_type \"%s\"; need valid, same, same_lower or custom",
                                    a.padType());
                };
        int after = a.padType().equals("custom") ? a.pad().get(2 * i + 1) : total - before;
        long span = (long) size + before + after;
        int extra = a.roundsUp() ? extra(span - extent, stride, size + before) : 0;
        if (kernel < 1 || span < extent || span + extra > Integer.MAX_VALUE) {
            throw new ShapeException(
                    op,
                    "a kernel of %d (dilation %d) does not fit image axis %d of %d with padding"
                            + " %d and %d; need a kernel of 1 or more within the padded axis,"
                            + " at most 2^31 - 1 long",
                    kernel,
                    dilation,
                    i,
                    size,
                    before,
                    after);
        }
        return new Window(size, kernel, stride, dilation, before, after, extra);
    }

    /**
     * What rounding up adds at the end, unless that window would begin beyond the image and what is
     * before it.
     *
     * @param room length of the padded axis beyond one window
     */
    private static int extra(long room, int stride, long end) {
        long rest = room < 0 ? 0 : room % stride;
        boolean begins = (room / stride + 1) * stride < end;
        return rest != 0 && begins ? (int) (stride - rest) : 0;
    }

    /** Strides, dilations and padding per image axis. */
    interface WindowAttrs {
        List<Integer> strides();

        List<Integer> dilations();

        String padType();

        List<Integer> pad();

        /** Whether a part of a stride at the end gets a window too. */
        default boolean roundsUp() {
            return false;
        }

        /** Refuses an x that does not have as many image axes as there are strides. */
        default void checkImage(String op, TensorType x) {
            int axes = strides().size();
            if (axes < 1 || axes > 3) {
                throw new ShapeException(
                        op,
                        "strides = %s has %d entries; need one per image axis, 1 to 3",
                        strides(),
                        axes);
            }
            Types.floats(op, x);
            Types.rank(op, x, axes + 2, FORMS.get(axes - 1));
            check(op, axes);
        }

        /** Refuses lists of the wrong length or with values out of range. */
        private void check(String op, int axes) {
            Types.length(op, "strides", strides(), axes);
            Types.length(op, "dilations", dilations(), axes);
            Types.length(op, "pad", pad(), 2 * axes);
            Types.atLeast(op, "strides", strides(), 1);
            Types.atLeast(op, "dilations", dilations(), 1);
            Types.atLeast(op, "pad", pad(), 0);
        }
    }
}
