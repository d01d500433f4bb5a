package jane.engine.cpu;

/**
 * How windows lie on one axis of an image: tap {@code k} of window {@code o} is at {@code o *
 * stride + k * dilation - before}, on an image whose elements are {@code spread} apart (with zeros
 * between; 1 except for a transposed convolution).
 */
record ImageAxis(
        int size, int kernel, int windows, int stride, int dilation, int before, int spread) {
    /** A step of which none is taken means nothing, and may be huge. */
    ImageAxis {
        stride = windows <= 1 ? 1 : stride;
        dilation = kernel <= 1 ? 1 : dilation;
        spread = size <= 1 ? 1 : spread;
    }

    /** Length of the stretch that windows {@code o0..o1} and taps {@code k0..k1} touch. */
    int span(int o0, int o1, int k0, int k1) {
        return (o1 - o0) * stride + (k1 - k0) * dilation + 1;
    }

    /** Length of the stretch that all windows touch. */
    int fullSpan() {
        return span(0, windows - 1, 0, kernel - 1);
    }

    /**
     * Whether windows that are {@link #spread} apart use every so-manieth tap, all the same ones.
     */
    boolean hasPhases() {
        return spread > 1 && stride == 1 && dilation == 1;
    }

    /** First tap that windows {@code r, r + spread, ..} find an element of the image at. */
    int firstTap(int r) {
        return Math.floorMod(before - r, spread);
    }

    /** The windows {@code r, r + spread, ..} and their taps, on the image as it is. */
    ImageAxis phase(int r) {
        int first = firstTap(r);
        int taps = Math.max(0, (kernel - first + spread - 1) / spread);
        int count = (windows - r + spread - 1) / spread;
        return new ImageAxis(size, taps, count, 1, 1, (before - r - first) / spread, 1);
    }

    /** Taps of window {@code o} that lie on the image, for a dilation and spread of 1. */
    int inside(int o) {
        int first = o * stride - before;
        return Math.max(0, Math.min(first + kernel, size) - Math.max(first, 0));
    }
}
