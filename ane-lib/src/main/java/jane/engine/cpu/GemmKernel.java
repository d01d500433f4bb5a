package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * Batched matrix product by a BLAS or our own kernel, each on one thread, called block by block
 * from Jane's threads. A transpose is only a flag. Where C is small and K long, chunks of K are
 * multiplied side by side and added up in order.
 */
final class GemmKernel extends Kernel {
    private static final int ADDED_TOGETHER = 1 << 14; // results in one task of the adding up
    private static final int LARGE = 1 << 20; // bytes: half of a second-level cache

    private final Gemm gemm;
    private final View a;
    private final View b;
    private final View c;
    private final Matrix ma;
    private final Matrix mb;
    private final int ldc;
    private final long[] offsetsA;
    private final long[] offsetsB;
    private final long[] offsetsC;
    private final int together;
    private final Grid grid;
    private final Gemm.Size[] sizes; // of each task of the grid
    private final long work;
    private long addressA;
    private long addressB;
    private long addressC;
    private Gemm.Rows rows; // of c, or of a chunk's part of it

    /**
     * {@code c = a b}.
     *
     * @param gemm who multiplies
     * @param a that {@link Matrix#fits}, as does b; batch axes are stretched to those of c
     * @param c that fits by rows, and is not empty
     */
    GemmKernel(Gemm gemm, View a, View b, View c) {
        super(List.of(a, b), List.of(c));
        this.gemm = gemm;
        this.a = a;
        this.b = b;
        this.c = c;
        ma = Matrix.of(a);
        mb = Matrix.of(b);
        ldc = Matrix.of(c).ld();
        offsetsA = Batch.offsets(a, c);
        offsetsB = Batch.offsets(b, c);
        offsetsC = Batch.offsets(c, c);
        boolean cutInner = c.isDense() && Batch.count(c) == 1;
        boolean copiesA = gemm.copiesRows() || ma.transposed();
        grid = Grid.of(Matrix.rows(c), Matrix.columns(c), Matrix.columns(a), copiesA, cutInner);
        sizes = new Gemm.Size[grid.tasks()];
        Arrays.setAll(sizes, cell -> size(grid, cell));
        together = grid.tasks() > 1 ? 1 : Batch.together(grid.work());
        work = grid.work() * offsetsC.length;
    }

    @Override
    String describe() {
        return "matmul   " + grid.m() + "x" + grid.k() + "x" + grid.n();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(gemm.room(grid.columns(), grid.inner()));
        if (grid.chunks() > 1) {
            needs.reserveShared(4L * grid.chunks() * grid.m() * grid.n());
        }
    }

    @Override
    void bind() {
        addressA = memory().address(a);
        addressB = memory().address(b);
        addressC = memory().address(c);
        boolean streams = !c.storage.isRead() && 4L * c.size() >= LARGE;
        rows = grid.chunks() == 1 ? new Gemm.Rows(ldc, streams) : new Gemm.Rows(grid.n(), false);
    }

    @Override
    void run() {
        int batches = (offsetsC.length + together - 1) / together;
        share(batches * grid.tasks(), work);
        if (grid.chunks() > 1) {
            int results = grid.m() * grid.n();
            int tasks = (results + ADDED_TOGETHER - 1) / ADDED_TOGETHER;
            share(tasks, (long) results * grid.chunks(), this::add);
        }
    }

    @Override
    public void run(int task, int worker) {
        int first = task / grid.tasks() * together;
        int end = Math.min(offsetsC.length, first + together);
        for (int g = first; g < end; g++) {
            block(g, task % grid.tasks(), nativeScratch(worker));
        }
    }

    @Override
    int batch() {
        return grid.chunks() == 1 ? offsetsC.length : 1;
    }

    @Override
    boolean isLarge() {
        return 4L * Math.max(c.size(), Math.max(a.size(), b.size())) >= LARGE;
    }

    @Override
    boolean cuts(int slices) {
        return batch() == slices;
    }

    @Override
    void slice(int slice, int slices, int worker) {
        for (int cell = 0; cell < grid.tasks(); cell++) {
            block(slice, cell, nativeScratch(worker));
        }
    }

    private static Gemm.Size size(Grid grid, int cell) {
        int k = cell % grid.chunks() * grid.inner();
        return new Gemm.Size(
                Math.min(grid.rows(), grid.m() - grid.row(cell)),
                Math.min(grid.columns(), grid.n() - grid.column(cell)),
                Math.min(grid.inner(), grid.k() - k));
    }

    private void block(int g, int cell, long room) {
        int chunk = cell % grid.chunks();
        int i = grid.row(cell);
        int j = grid.column(cell);
        int k = chunk * grid.inner();
        boolean whole = grid.chunks() == 1;
        long to =
                whole
                        ? addressC + 4 * (offsetsC[g] + Matrix.offset(c, i, j))
                        : sharedScratch() + 4 * (((long) chunk * grid.m() + i) * grid.n() + j);
        gemm.multiply(
                sizes[cell],
                addressA + 4 * (offsetsA[g] + Matrix.offset(a, i, k)),
                ma,
                addressB + 4 * (offsetsB[g] + Matrix.offset(b, k, j)),
                mb,
                to,
                rows,
                room);
    }

    /** Adds the chunks, in order, of some results. */
    private void add(int task, int worker) {
        long size = (long) grid.m() * grid.n();
        long first = (long) task * ADDED_TOGETHER;
        long n = Math.min(ADDED_TOGETHER, size - first);
        KernelLibrary.check(
                KernelLibrary.jane_combine_f32(
                        sharedScratch() + 4 * first, size, addressC + 4 * first, grid.chunks(), n));
    }
}
