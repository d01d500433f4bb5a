package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/** Maximum or mean over windows of x [N, C, H, W], one channel of one image at a time. */
final class PoolKernel extends Kernel {
    private static final int PLANE = 0;
    private static final int RESULT = 1;
    private static final int COLUMN = 2;

    private final PoolSpec spec;
    private final ImageAxis h;
    private final ImageAxis w;
    private final int planes;
    private final Reader reader;
    private final Writer writer;

    PoolKernel(PoolSpec spec, View x, View y) {
        super(List.of(x), List.of(y));
        this.spec = spec;
        h = spec.h();
        w = spec.w();
        planes = x.dims[0] * x.dims[1];
        reader = new Reader(x);
        writer = new Writer(y);
    }

    @Override
    String describe() {
        return spec.what();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(PLANE, 1, h.size() * w.size());
        needs.reserve(RESULT, 1, h.windows() * w.windows());
        needs.reserve(COLUMN, 1, w.size());
    }

    @Override
    void run() {
        share(planes, (long) planes * spec.windows() * spec.taps());
    }

    @Override
    public void run(int task, int worker) {
        int in = h.size() * w.size();
        int out = h.windows() * w.windows();
        var x = rows(worker)[PLANE];
        var y = rows(worker)[RESULT];
        reader.load(memory(), task * in, in, x, 0);
        for (int row = 0; row < h.windows(); row++) {
            int top = row * h.stride() - h.before();
            int from = Math.max(top, 0);
            int to = Math.min(top + h.kernel(), h.size());
            if (spec.max()) {
                maxRow(x, y, row * w.windows(), from, to, rows(worker)[COLUMN]);
            } else {
                meanRow(x, y, row * w.windows(), from, to);
            }
        }
        writer.store(memory(), task * out, out, y, 0);
    }

    /** Down the columns first, which vectorises, then along the row. */
    private void maxRow(float[] x, float[] y, int at, int top, int bottom, float[] column) {
        Arrays.fill(column, 0, w.size(), Float.NEGATIVE_INFINITY);
        for (int row = top; row < bottom; row++) {
            larger(column, x, row * w.size(), w.size());
        }
        for (int o = 0; o < w.windows(); o++) {
            int left = o * w.stride() - w.before();
            int end = Math.min(left + w.kernel(), w.size());
            float best = Float.NEGATIVE_INFINITY;
            for (int i = Math.max(left, 0); i < end; i++) {
                float v = column[i];
                best = v > best || v != v ? v : best;
                if (v != v) {
                    break;
                }
            }
            y[at + o] = best;
        }
    }

    private static void larger(float[] d, float[] x, int from, int n) {
        for (int i = 0; i < n; i++) {
            d[i] = Math.max(d[i], x[from + i]);
        }
    }

    private void meanRow(float[] x, float[] y, int at, int top, int bottom) {
        for (int o = 0; o < w.windows(); o++) {
            int left = Math.max(o * w.stride() - w.before(), 0);
            int right = Math.min(o * w.stride() - w.before() + w.kernel(), w.size());
            double sum = 0;
            for (int row = top; row < bottom; row++) {
                for (int i = left; i < right; i++) {
                    sum += x[row * w.size() + i];
                }
            }
            int inside = Math.max(0, bottom - top) * Math.max(0, right - left);
            y[at + o] = (float) (sum / (spec.countPadding() ? spec.taps() : inside));
        }
    }
}
