package jane.op;

import jane.ir.ShapeException;
import java.util.List;

/** Where windows of a convolution or pooling lie on one image axis. */
record Window(int size, int kernel, int stride, int dilation, int before, int after) {
    /** Index on the image axis of tap {@code k} of output {@code o}; may lie outside. */
    int at(int o, int k) {
        return o * stride - before + k * dilation;
    }

    /** Whether {@code i} lies on the image. */
    boolean inside(int i) {
        return i >= 0 && i < size;
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
        return (size + before + after - extent()) / stride + 1;
    }

    /**
     * The windows on image axis {@code i} (0 is height).
     *
     * @param padType valid, same, same_lower or custom, as MIL means them
     */
    static Window of(String op, int i, int size, int kernel, WindowAttrs a) {
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
        if (kernel < 1 || span < extent || span > Integer.MAX_VALUE) {
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
        return new Window(size, kernel, stride, dilation, before, after);
    }

    /** Strides, dilations and padding for height and width. */
    interface WindowAttrs {
        List<Integer> strides();

        List<Integer> dilations();

        String padType();

        List<Integer> pad();

        /** Refuses lists of the wrong length or with values out of range. */
        default void check(String op) {
            Types.length(op, "strides", strides(), 2);
            Types.length(op, "dilations", dilations(), 2);
            Types.length(op, "pad", pad(), 4);
            Types.atLeast(op, "strides", strides(), 1);
            Types.atLeast(op, "dilations", dilations(), 1);
            Types.atLeast(op, "pad", pad(), 0);
        }
    }
}
