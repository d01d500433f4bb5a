package jane.engine.cpu;

import java.util.Arrays;

/**
 * Lays windows of one image channel side by side: a row per tap, a column per window. First the
 * part of the channel that is touched is loaded with its padding, then every tap is a shifted copy.
 * One per worker, reused: the order is begin, taps, windows, load, copy.
 */
final class WindowPacker {
    private static final int BULK = 16; // shorter runs are copied faster by a loop

    private final ConvLayout layout;
    private final ImageAxis h;
    private final ImageAxis w;
    private final Reader images;
    private final int span; // columns of the loaded part
    private final int width; // floats of a row of it

    private Memory memory;
    private float[] plane = new float[0];
    private float[] line = plane;
    private int tap0;
    private int tap1;
    private int window0;
    private int window1;

    WindowPacker(ConvLayout layout, Reader images) {
        this.layout = layout;
        this.h = layout.h();
        this.w = layout.w();
        this.images = images;
        span = w.fullSpan();
        width = span * layout.lanes();
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

    /** Which columns of one image, as the layout counts them: the last is exclusive. */
    void windows(int first, int last) {
        window0 = first;
        window1 = last;
    }

    private int topTap() {
        return tap0 / w.kernel();
    }

    private int topWindow() {
        return window0 / layout.rowLength();
    }

    private int bottomWindow() {
        return (window1 - 1) / layout.rowLength();
    }

    /** Loads what the taps of the windows touch of the channel that begins at {@code flat}. */
    void load(int flat) {
        int rows = h.span(topWindow(), bottomWindow(), topTap(), (tap1 - 1) / w.kernel());
        int top = topWindow() * h.stride() + topTap() * h.dilation() - h.before();
        if (layout.lanes() > 1) {
            loadLanes(flat, top, rows);
            return;
        }
        boolean inside = top >= 0 && top + rows <= h.size();
        if (inside && h.spread() == 1 && w.spread() == 1 && w.before() == 0 && span == w.size()) {
            images.load(memory, flat + top * span, rows * span, plane, 0);
            return;
        }
        for (int r = 0; r < rows; r++) {
            loadRow(flat, top + r, plane, r * span);
        }
    }

    /** All images at once, the same pixel of each side by side. */
    private void loadLanes(int flat, int top, int rows) {
        int lanes = layout.lanes();
        for (int lane = 0; lane < lanes; lane++) {
            for (int r = 0; r < rows; r++) {
                loadRow(flat + lane * layout.imageSize(), top + r, line, 0);
                int at = r * width + lane;
                for (int i = 0; i < span; i++, at += lanes) {
                    plane[at] = line[i];
                }
            }
        }
    }

    /** Row {@code row} of the padded and spread channel at {@code flat}. */
    private void loadRow(int flat, int row, float[] to, int at) {
        int own = row / h.spread();
        if (row < 0 || own * h.spread() != row || own >= h.size()) {
            Arrays.fill(to, at, at + span, 0);
            return;
        }
        int from = flat + own * w.size();
        if (w.spread() > 1) {
            loadSpread(from, to, at);
            return;
        }
        int left = Math.min(span, Math.max(0, w.before()));
        int skip = Math.max(0, -w.before());
        int n = Math.max(0, Math.min(w.size() - skip, span - left));
        Arrays.fill(to, at, at + left, 0);
        images.load(memory, from + skip, n, to, at + left);
        Arrays.fill(to, at + left + n, at + span, 0);
    }

    private void loadSpread(int from, float[] to, int at) {
        Arrays.fill(to, at, at + span, 0);
        images.load(memory, from, w.size(), line, 0);
        for (int i = 0; i < w.size(); i++) {
            int column = i * w.spread() + w.before();
            if (column >= 0 && column < span) {
                to[at + column] = line[i];
            }
        }
    }

    /** Copies tap t of column c to {@code to[row + t][column + c]}. */
    void copy(float[][] to, int row, int column) {
        for (int t = tap0; t < tap1; t++) {
            int tapRow = t / w.kernel();
            int down = (tapRow - topTap()) * h.dilation() * width;
            int right = (t - tapRow * w.kernel()) * w.dilation() * layout.lanes();
            if (layout.wide()) {
                int from = down + right + window0 - topWindow() * width;
                System.arraycopy(plane, from, to[row + t], column + window0, window1 - window0);
            } else {
                copyRows(to[row + t], column, down + right);
            }
        }
    }

    private void copyRows(float[] to, int column, int shift) {
        int length = layout.rowLength();
        int top = topWindow();
        int bottom = bottomWindow();
        int step = w.stride();
        for (int y = top; y <= bottom; y++) {
            int x0 = y == top ? window0 - y * length : 0;
            int x1 = y == bottom ? window1 - y * length : length;
            int from = (y - top) * h.stride() * width + shift + x0 * step;
            int at = column + y * length + x0;
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
