package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * Blocked matrix products C = A B, for matmul and convolution, which differ in where A and B come
 * from and where C goes. Blocks of A and B are copied ("packed") into rows of floats first, so any
 * strides will do. M, N: rows and columns of C; K: the inner dimension.
 *
 * <p>Each element of C is summed in the order of K, in chunks that depend on the shape only:
 * results do not depend on the number of threads.
 */
abstract class Product extends Kernel {
    static final int K_BLOCK = 256;
    private static final int M_BLOCK = 128;
    static final int N_BLOCK = 256;

    /** With fewer blocks of C than this, a long K is cut into chunks that run in parallel. */
    private static final int FEW_BLOCKS = 16;

    private static final int K_CHUNK = 4 * K_BLOCK;
    private static final int MAX_PARTIALS = 1 << 20;

    private static final int ACC = K_BLOCK; // rows 0 to K_BLOCK - 1 are the packed block of B
    private static final int A_ROW = ACC + M_BLOCK;

    /** First row that {@link #packB} may use for itself. */
    static final int OWN_ROW = A_ROW + 1;

    private final int batch;
    private final int m;
    private final int n;
    private final int k;
    private final int mBlock;
    private final int nBlock;
    private final int mBlocks;
    private final int nBlocks;
    private final int chunkSize;
    private final int chunks;
    private final float[] partials;

    Product(List<View> reads, List<View> writes, int batch, int m, int n, int k) {
        super(reads, writes);
        this.batch = batch;
        this.m = m;
        this.n = n;
        this.k = k;
        // With few blocks, smaller ones: there should be some for every thread.
        boolean few = (long) batch * blocks(m, M_BLOCK) * blocks(n, N_BLOCK) < FEW_BLOCKS / 2;
        nBlock = even(n, few ? N_BLOCK / 2 : N_BLOCK);
        mBlock = even(m, few ? M_BLOCK / 2 : M_BLOCK);
        nBlocks = blocks(n, nBlock);
        mBlocks = blocks(m, mBlock);
        long blocks = (long) batch * mBlocks * nBlocks;
        long results = (long) batch * m * n;
        boolean cut = blocks < FEW_BLOCKS && k >= 2 * K_CHUNK && results > 0;
        long most = cut ? Math.max(1, MAX_PARTIALS / results) : 1;
        int wanted = cut ? (int) Math.min(most, (k + K_CHUNK - 1) / K_CHUNK) : 1;
        chunkSize = wanted == 1 ? k : even(k, (k + wanted - 1) / wanted + K_BLOCK - 1 & -K_BLOCK);
        chunks = wanted == 1 ? 1 : (k + chunkSize - 1) / chunkSize;
        partials = chunks == 1 ? new float[0] : new float[(int) (chunks * results)];
    }

    private static int blocks(int size, int length) {
        return (size + length - 1) / length;
    }

    /** A block length of at most {@code limit} that cuts {@code size} evenly, a multiple of 8. */
    private static int even(int size, int limit) {
        if (size <= limit) {
            return Math.max(1, size);
        }
        int blocks = (size + limit - 1) / limit;
        return Math.min(limit, (size + blocks - 1) / blocks + 7 & -8);
    }

    /**
     * Rows {@code i0..} and inner {@code k0..} of A into {@code a}, one row every {@code stride}.
     */
    abstract void packA(int worker, int g, int i0, int rows, int k0, int ks, float[] a, int stride);

    /** Inner {@code k0..} and columns {@code j0..} of B, one row of {@code b} per inner index. */
    abstract void packB(int worker, int g, int k0, int ks, int j0, int columns, float[][] b);

    /** Columns {@code j0..} of row {@code i} of C, found in {@code row} from {@code at}. */
    abstract void store(int g, int i, int j0, int columns, float[] row, int at);

    @Override
    void reserve(Scratch needs) {
        int width = nBlock + 7 & -8;
        needs.reserve(0, Math.min(K_BLOCK, k + 3 & -4), width);
        needs.reserve(ACC, Math.min(M_BLOCK, m), width);
        needs.reserve(A_ROW, 1, mBlock * Math.min(K_BLOCK, k + 3 & -4));
    }

    @Override
    void run() {
        long work = (long) batch * m * n * Math.max(1, k);
        share(batch * mBlocks * nBlocks * chunks, work);
        if (chunks > 1) {
            combine();
        }
    }

    @Override
    public void run(int task, int worker) {
        // Neighbouring tasks share the columns of B that they read.
        int chunk = task % chunks;
        int rest = task / chunks;
        int i0 = rest % mBlocks * mBlock;
        rest /= mBlocks;
        int j0 = rest % nBlocks * nBlock;
        block(worker, rest / nBlocks, i0, j0, chunk);
    }

    private void block(int worker, int g, int i0, int j0, int chunk) {
        int rows = Math.min(mBlock, m - i0);
        int columns = Math.min(nBlock, n - j0);
        int width = columns + 7 & -8; // whole vectors; what the last columns hold is not stored
        var scratch = rows(worker);
        for (int i = 0; i < rows; i++) {
            Arrays.fill(scratch[ACC + i], 0, width, 0);
        }
        int end = Math.min(k, (chunk + 1) * chunkSize);
        for (int k0 = chunk * chunkSize; k0 < end; k0 += K_BLOCK) {
            int ks = Math.min(K_BLOCK, end - k0);
            int stride = ks + 3 & -4;
            var a = scratch[A_ROW];
            packA(worker, g, i0, rows, k0, ks, a, stride);
            packB(worker, g, k0, ks, j0, columns, scratch);
            padInner(scratch, a, rows, ks, stride, width);
            multiply(scratch, a, rows, stride, width);
        }
        for (int i = 0; i < rows; i++) {
            keep(g, i0 + i, j0, columns, chunk, scratch[ACC + i]);
        }
    }

    /** Zeros up to a whole group of four inner indices. */
    private static void padInner(float[][] b, float[] a, int rows, int ks, int stride, int width) {
        for (int x = ks; x < stride; x++) {
            Arrays.fill(b[x], 0, width, 0);
            for (int i = 0; i < rows; i++) {
                a[i * stride + x] = 0;
            }
        }
    }

    private static void multiply(float[][] b, float[] a, int rows, int stride, int width) {
        for (int i = 0; i < rows; i++) {
            var c = b[ACC + i];
            int p = i * stride;
            for (int x = 0; x < stride; x += 4, p += 4) {
                Axpy.four(
                        c, b[x], b[x + 1], b[x + 2], b[x + 3], a[p], a[p + 1], a[p + 2], a[p + 3],
                        width);
            }
        }
    }

    private void keep(int g, int i, int j0, int columns, int chunk, float[] row) {
        if (chunks == 1) {
            store(g, i, j0, columns, row, 0);
            return;
        }
        int at = ((chunk * batch + g) * m + i) * n + j0;
        System.arraycopy(row, 0, partials, at, columns);
    }

    /** Adds the chunks in order, onto the first. */
    private void combine() {
        int results = batch * m * n;
        for (int chunk = 1; chunk < chunks; chunk++) {
            int from = chunk * results;
            for (int i = 0; i < results; i++) {
                partials[i] += partials[from + i];
            }
        }
        for (int row = 0; row < batch * m; row++) {
            store(row / m, row % m, 0, n, partials, row * n);
        }
    }
}
