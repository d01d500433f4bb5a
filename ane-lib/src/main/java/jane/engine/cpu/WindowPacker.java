package jane.engine.cpu;

import java.util.Arrays;

/**
 * Lays windows of one image channel side by side: a row per tap, a column per window. First the part
 * of the channel that is touched is loaded with its padding, then every tap is a shifted copy. One
 * per worker, reused: the order is begin, taps, windows, load, copy.
 */
final class WindowPacker {
    private static final int BULK = 16; // shorter runs are copied faster by a loop

    private final ImageAxis h;
    private final ImageAxis w;
    private final Reader images;
    private final int width;

    private Memory memory;
    private float[] plane = new float[0];
    private float[] line = plane;
    private int tap0;
    private int tap1;
    private int window0;
    private int window1;

    WindowPacker(ImageAxis h, ImageAxis w, Reader images) {
        this.h = h;
        this.w = w;
        this.images = images;
        width = w.fullSpan();
    }

    /** Floats that a plane needs for any {@code count} windows in a row. */
    static int planeSize(ImageAxis h, ImageAxis w, int count) {
        if (h.windows() == 0 || w.windows() == 0) {
            return 0;
        }
        int last = Math.min(h.windows() - 1, (count + w.windows() - 2) / w.windows() + 1);
        return Math.multiplyExact(h.span(0, last, 0, h.kernel() - 1), w.fullSpan());
    }

    void begin(Memory bound, float[] planeRoom, float[] lineRoom) {
        memory = bound;
        plane = planeRoom;
        line = lineRoom;
    }

    /** Which taps, counted row by row through the kernel: the last is exclusive. */
    void taps(int first, int last) {
        tap0 = first;
        tap1 = last;
    }

    /** Which windows, counted row by row through the result: the last is exclusive. */
    void windows(int first, int last) {
        window0 = first;
        window1 = last;
    }

    private int topTap() {
        return tap0 / w.kernel();
    }

    private int topWindow() {
        return window0 / w.windows();
    }

    private int bottomWindow() {
        return (window1 - 1) / w.windows();
    }

    /** Loads what the taps of the windows touch of the channel that begins at {@code flat}. */
    void load(int flat) {
        int rows = h.span(topWindow(), bottomWindow(), topTap(), (tap1 - 1) / w.kernel());
        int top = topWindow() * h.stride() + topTap() * h.dilation() - h.before();
        boolean inside = top >= 0 && top + rows <= h.size();
        if (inside && h.spread() == 1 && w.spread() == 1 && w.before() == 0 && width == w.size()) {
            images.load(memory, flat + top * width, rows * width, plane, 0);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int at = top + r;
            int row = at / h.spread();
            if (at >= 0 && row * h.spread() == at && row < h.size()) {
                loadRow(flat + row * w.size(), r * width);
            } else {
                Arrays.fill(plane, r * width, (r + 1) * width, 0);
            }
        }
    }

    private void loadRow(int flat, int at) {
        if (w.spread() > 1) {
            Arrays.fill(plane, at, at + width, 0);
            images.load(memory, flat, w.size(), line, 0);
            for (int i = 0; i < w.size(); i++) {
                int column = i * w.spread() + w.before();
                if (column >= 0 && column < width) {
                    plane[at + column] = line[i];
                }
            }
            return;
        }
        int left = Math.min(width, Math.max(0, w.before()));
        int skip = Math.max(0, -w.before());
        int n = Math.max(0, Math.min(w.size() - skip, width - left));
        Arrays.fill(plane, at, at + left, 0);
        images.load(memory, flat + skip, n, plane, at + left);
        Arrays.fill(plane, at + left + n, at + width, 0);
    }

    /** Copies tap t of window p to {@code to[row + t][column + p]}. */
    void copy(float[][] to, int row, int column) {
        for (int t = tap0; t < tap1; t++) {
            int tapRow = t / w.kernel();
            int shift = (tapRow - topTap()) * h.dilation() * width;
            copyTap(to[row + t], column, shift + (t - tapRow * w.kernel()) * w.dilation());
        }
    }

    private void copyTap(float[] to, int column, int shift) {
        int top = topWindow();
        int bottom = bottomWindow();
        int step = w.stride();
        for (int y = top; y <= bottom; y++) {
            int x0 = y == top ? window0 - y * w.windows() : 0;
            int x1 = y == bottom ? window1 - y * w.windows() : w.windows();
            int from = (y - top) * h.stride() * width + shift + x0 * step;
            int at = column + y * w.windows() + x0;
            if (step == 1 && x1 - x0 >= BULK) {
                System.arraycopy(plane, from, to, at, x1 - x0);
            } else {
                for (int x = x0; x < x1; x++, from += step) {
                    to[at++] = plane[from];
                }
            }
        }
    }
}
