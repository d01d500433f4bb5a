package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * The gradient of a pooling, one channel of one image at a time. A maximum's goes to the first of
 * equal elements of the window, a mean's to all in equal shares. What several windows give to an
 * element is added row by row of windows, in a row from the last to the first.
 */
final class PoolGradientKernel extends Kernel {
    private static final int X = 0;
    private static final int Y = 1;
    private static final int DY = 2;
    private static final int DX = 3;

    private final PoolSpec spec;
    private final boolean relu;
    private final ImageAxis h;
    private final ImageAxis w;
    private final int planes;
    private final Reader[] readers;
    private final Writer writer;

    /**
     * A gradient.
     *
     * @param operands x, y and dy for a maximum, dy alone for a mean
     * @param relu whether the gradient, of a maximum, is 0 where x is not above 0
     */
    PoolGradientKernel(PoolSpec spec, List<View> operands, boolean relu, View dx) {
        super(operands, List.of(dx));
        this.spec = spec;
        this.relu = relu;
        h = spec.h();
        w = spec.w();
        planes = dx.dims[0] * dx.dims[1];
        readers = operands.stream().map(Reader::new).toArray(Reader[]::new);
        writer = new Writer(dx);
    }

    /** For the plan. */
    static String describe(PoolSpec spec, boolean relu) {
        return spec.what() + " gradient" + (relu ? " + relu gradient" : "");
    }

    @Override
    String describe() {
        return describe(spec, relu);
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(X, 1, h.size() * w.size());
        needs.reserve(Y, 1, spec.windows());
        needs.reserve(DY, 1, spec.windows());
        needs.reserve(DX, 1, h.size() * w.size());
    }

    @Override
    void run() {
        share(planes, (long) planes * spec.windows() * spec.taps());
    }

    @Override
    public void run(int task, int worker) {
        int in = h.size() * w.size();
        int out = spec.windows();
        var r = rows(worker);
        Arrays.fill(r[DX], 0, in, 0);
        readers[readers.length - 1].load(memory(), task * out, out, r[DY], 0);
        if (spec.max()) {
            readers[0].load(memory(), task * in, in, r[X], 0);
            readers[1].load(memory(), task * out, out, r[Y], 0);
            largest(r[X], r[Y], r[DY], r[DX]);
        } else {
            shares(r[DY], r[DX]);
        }
        writer.store(memory(), task * in, in, r[DX], 0);
    }

    /** {@code rest} is what of dy no earlier tap has taken; padding is below everything. */
    private void largest(float[] x, float[] y, float[] rest, float[] dx) {
        for (int u = 0; u < h.windows(); u++) {
            for (int tap = 0; tap < spec.taps(); tap++) {
                int row = u * h.stride() - h.before() + tap / w.kernel();
                int left = tap % w.kernel() - w.before();
                boolean rowInside = row >= 0 && row < h.size();
                for (int o = 0; o < w.windows(); o++) {
                    int column = o * w.stride() + left;
                    boolean inside = rowInside && column >= 0 && column < w.size();
                    int at = inside ? row * w.size() + column : 0;
                    int window = u * w.windows() + o;
                    if ((inside ? x[at] : Float.NEGATIVE_INFINITY) == y[window]) {
                        dx[at] += inside ? rest[window] : 0;
                        rest[window] = 0;
                    }
                }
            }
        }
        for (int i = 0; relu && i < h.size() * w.size(); i++) {
            dx[i] = x[i] > 0 ? dx[i] : 0;
        }
    }

    private void shares(float[] dy, float[] dx) {
        for (int u = 0; u < h.windows(); u++) {
            for (int o = 0; o < w.windows(); o++) {
                dy[u * w.windows() + o] *= spec.share(u, o);
            }
            for (int tap = 0; tap < spec.taps(); tap++) {
                int row = u * h.stride() - h.before() + tap / w.kernel();
                int left = tap % w.kernel() - w.before();
                for (int o = 0; o < w.windows() && row >= 0 && row < h.size(); o++) {
                    int column = o * w.stride() + left;
                    if (column >= 0 && column < w.size()) {
                        dx[row * w.size() + column] += dy[u * w.windows() + o];
                    }
                }
            }
        }
    }
}
