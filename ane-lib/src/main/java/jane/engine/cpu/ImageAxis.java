package jane.engine.cpu;

/**
 * How windows lie on one axis of an image: tap {@code k} of window {@code o} is at {@code o *
 * stride + k * dilation - before}, on an image whose elements are {@code spread} apart (with zeros
 * between; 1 except for a transposed convolution).
 */
record ImageAxis(
        int size, int kernel, int windows, int stride, int dilation, int before, int spread) {
    /** Length of the stretch that windows {@code o0..o1} and taps {@code k0..k1} touch. */
    int span(int o0, int o1, int k0, int k1) {
        return (o1 - o0) * stride + (k1 - k0) * dilation + 1;
    }

    /** Length of the stretch that all windows touch. */
    int fullSpan() {
        return span(0, windows - 1, 0, kernel - 1);
    }
}
