package jane.engine.cpu;

import java.util.List;

/** Batched matrix product on views with broadcast batch axes; a transpose is only other strides. */
final class MatmulKernel extends Product {
    private static final int STRIP = 16;
    private static final int SHORT_ROW = 128;

    private final Reader a;
    private final Reader aColumns; // the transpose of each matrix, to be read along its columns
    private final Reader b;
    private final Reader bColumns;
    private final Writer c;
    private final String shape;
    private final int m;
    private final int n;
    private final int k;

    private MatmulKernel(List<View> reads, View a, View b, View c, String shape) {
        super(
                reads,
                List.of(c),
                batch(c),
                c.dims[c.rank() - 2],
                c.dims[c.rank() - 1],
                a.dims[a.rank() - 1]);
        this.shape = shape;
        this.a = new Reader(a);
        this.aColumns = new Reader(a.swapLast());
        this.b = new Reader(b);
        this.bColumns = new Reader(b.swapLast());
        this.c = new Writer(c);
        m = c.dims[c.rank() - 2];
        n = c.dims[c.rank() - 1];
        k = a.dims[a.rank() - 1];
    }

    /** {@code c = a b}, where a (..., M, K) and b (..., K, N) are as the strides have them. */
    static MatmulKernel of(View a, View b, View c) {
        var reads = List.of(a, b);
        int m = c.dims[c.rank() - 2];
        int n = c.dims[c.rank() - 1];
        int k = a.dims[a.rank() - 1];
        var shape = m + "x" + k + "x" + n;
        var fullA = broadcast(a, c, m, k);
        var fullB = broadcast(b, c, k, n);
        if (n < SHORT_ROW && m > n) { // the inner loop runs over columns: let them be many
            return new MatmulKernel(reads, fullB.swapLast(), fullA.swapLast(), c.swapLast(), shape);
        }
        return new MatmulKernel(reads, fullA, fullB, c, shape);
    }

    private static int batch(View c) {
        int count = 1;
        for (int i = 0; i < c.rank() - 2; i++) {
            count *= c.dims[i];
        }
        return count;
    }

    private static View broadcast(View v, View c, int rows, int columns) {
        var dims = c.dims.clone();
        dims[dims.length - 2] = rows;
        dims[dims.length - 1] = columns;
        return v.broadcastTo(dims);
    }

    @Override
    String describe() {
        return "matmul   " + shape;
    }

    @Override
    void reserve(Scratch needs) {
        super.reserve(needs);
        needs.reserve(OWN_ROW, STRIP, 256);
    }

    @Override
    void packA(int worker, int g, int i0, int rows, int k0, int ks, float[] to, int stride) {
        if (a.unitStep() || !aColumns.unitStep()) {
            for (int i = 0; i < rows; i++) {
                a.load(memory(), (g * m + i0 + i) * k + k0, ks, to, i * stride);
            }
            return;
        }
        var column = rows(worker)[OWN_ROW];
        for (int x = 0; x < ks; x++) {
            aColumns.load(memory(), (g * k + k0 + x) * m + i0, rows, column, 0);
            for (int i = 0; i < rows; i++) {
                to[i * stride + x] = column[i];
            }
        }
    }

    @Override
    void packB(int worker, int g, int k0, int ks, int j0, int columns, float[][] to) {
        if (b.unitStep() || !bColumns.unitStep()) {
            for (int x = 0; x < ks; x++) {
                b.load(memory(), (g * k + k0 + x) * n + j0, columns, to[x], 0);
            }
            return;
        }
        for (int j = 0; j < columns; j += STRIP) {
            packStrip(rows(worker), (g * n + j0 + j) * k + k0, ks, j, Math.min(STRIP, columns - j));
        }
    }

    /** Turns up to {@code STRIP} columns of B, which lie along K, into pieces of rows. */
    private void packStrip(float[][] scratch, int from, int ks, int j, int columns) {
        for (int s = 0; s < columns; s++) {
            bColumns.load(memory(), from + s * k, ks, scratch[OWN_ROW + s], 0);
        }
        for (int x = 0; x < ks; x++) {
            var row = scratch[x];
            for (int s = 0; s < columns; s++) {
                row[j + s] = scratch[OWN_ROW + s][x];
            }
        }
    }

    @Override
    void store(int g, int i, int j0, int columns, float[] row, int at) {
        c.store(memory(), (g * m + i) * n + j0, columns, row, at);
    }
}
