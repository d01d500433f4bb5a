package jane.engine.cpu;

/**
 * How the columns of a convolution's product count the windows. Plain: image, row, column. Wide: as
 * plain, but a row goes on to the end of the padded image, so that all windows of a tap are one
 * copy; the columns past the last window are computed and dropped. Lanes: row, column, image, where
 * images have few windows, as in a weight gradient: copies are then as long as there are images.
 *
 * @param lanes images side by side: all in a lanes layout, else 1
 * @param imageSize elements from one image to the next, in row-major order
 */
record ConvLayout(ImageAxis h, ImageAxis w, int images, int imageSize, boolean wide, int lanes) {
    private static final int FEW = 16; // windows of a row that make copying them slow
    private static final int MIN_LANES = 4;

    static ConvLayout of(ImageAxis h, ImageAxis w, int images, int imageSize) {
        boolean plainSteps = w.stride() == 1 && h.stride() == 1;
        boolean wide = plainSteps && w.fullSpan() <= w.windows() + w.windows() / 2;
        boolean lanes =
                !wide
                        && w.stride() == 1
                        && w.windows() < FEW
                        && h.spread() == 1
                        && w.spread() == 1
                        && images >= MIN_LANES;
        return new ConvLayout(h, w, images, imageSize, wide, lanes ? images : 1);
    }

    /** Columns from one row of windows to the next. */
    int rowLength() {
        return wide ? w.fullSpan() : w.windows() * lanes;
    }

    /** Columns from one image to the next; all of them in a lanes layout. */
    int imageLength() {
        return h.windows() * rowLength();
    }

    int columns() {
        return Math.multiplyExact(imageLength(), images / lanes);
    }

    /** Floats of the part of a channel that {@code columns} columns and {@code taps} taps touch. */
    int planeSize(int columns, int taps) {
        if (h.windows() == 0 || w.windows() == 0 || images == 0) {
            return 0;
        }
        int lastWindow = Math.min(h.windows() - 1, (columns - 2) / rowLength() + 1);
        int lastTap = Math.min(h.kernel() - 1, (taps - 2) / w.kernel() + 1);
        int rows = h.span(0, lastWindow, 0, lastTap);
        int past = (w.kernel() - 1) * w.dilation(); // what a wide copy reads beyond the last row
        return Math.addExact(
                Math.multiplyExact(Math.multiplyExact(rows, w.fullSpan()), lanes), past);
    }

    /**
     * The results among {@code n} columns from {@code first}, moved together; how many there are.
     */
    int compact(int first, int n, float[] row, int at) {
        if (!wide) {
            return n;
        }
        int to = at;
        for (int j = first; j < first + n; ) {
            int x = j % rowLength();
            int run = Math.min(first + n - j, rowLength() - x);
            int kept = Math.max(0, Math.min(run, w.windows() - x));
            System.arraycopy(row, at + j - first, row, to, kept);
            to += kept;
            j += run;
        }
        return to - at;
    }

    /** Which result, of all in order, is the first at or after column {@code j}. */
    int result(int j) {
        int y = j / rowLength();
        return wide ? y * w.windows() + Math.min(j - y * rowLength(), w.windows()) : j;
    }
}
