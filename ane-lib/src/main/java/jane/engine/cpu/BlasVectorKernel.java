package jane.engine.cpu;

import java.util.List;

/** Batched product of a matrix and a vector by a BLAS on one thread, in stretches of results. */
final class BlasVectorKernel extends Kernel {
    private static final int TASK = 1 << 17; // elements of the matrix

    private final View matrix;
    private final View x;
    private final View y;
    private final Matrix m;
    private final long[] offsetsM;
    private final long[] offsetsX;
    private final long[] offsetsY;
    private final int rows;
    private final int columns;
    private final int rowsOfTask;
    private final int tasks; // of one product
    private final String shape;
    private final int together;
    private long addressM;
    private long addressX;
    private long addressY;

    private BlasVectorKernel(View a, View b, View c, View matrix, View x, View y) {
        super(List.of(a, b), List.of(c));
        this.matrix = matrix;
        this.x = x;
        this.y = y;
        m = Matrix.of(matrix);
        offsetsM = Batch.offsets(matrix, y);
        offsetsX = Batch.offsets(x, y);
        offsetsY = Batch.offsets(y, y);
        shape = Matrix.rows(c) + "x" + Matrix.columns(a) + "x" + Matrix.columns(c);
        rows = Matrix.rows(matrix);
        columns = Matrix.columns(matrix);
        rowsOfTask = Math.max(8, TASK / columns / 8 * 8);
        tasks = (rows + rowsOfTask - 1) / rowsOfTask;
        together = tasks > 1 ? 1 : Batch.together((long) rows * columns);
    }

    /** {@code c = a b} as for {@link GemmKernel}, where a has one row or b one column. */
    static BlasVectorKernel of(View a, View b, View c) {
        return Matrix.columns(c) == 1
                ? new BlasVectorKernel(a, b, c, a, b, c)
                : new BlasVectorKernel(a, b, c, b.swapLast(), a.swapLast(), c.swapLast());
    }

    @Override
    String describe() {
        return "matmul   " + shape;
    }

    @Override
    void bind() {
        addressM = memory().address(matrix);
        addressX = memory().address(x);
        addressY = memory().address(y);
    }

    @Override
    void run() {
        int batches = (offsetsY.length + together - 1) / together;
        share(batches * tasks, (long) offsetsY.length * rows * columns);
    }

    @Override
    public void run(int task, int worker) {
        int first = task / tasks * together;
        int end = Math.min(offsetsY.length, first + together);
        for (int g = first; g < end; g++) {
            stretch(g, task % tasks * rowsOfTask);
        }
    }

    private void stretch(int g, int row) {
        int count = Math.min(rowsOfTask, rows - row);
        Blas.cblas_sgemv(
                Blas.ROW_MAJOR,
                m.trans(),
                m.transposed() ? columns : count,
                m.transposed() ? count : columns,
                1,
                addressM + 4 * (offsetsM[g] + Matrix.offset(matrix, row, 0)),
                m.ld(),
                addressX + 4 * offsetsX[g],
                step(x),
                0,
                addressY + 4 * (offsetsY[g] + Matrix.offset(y, row, 0)),
                step(y));
    }

    /** Elements of memory between those of a column. */
    private static int step(View v) {
        return Matrix.rows(v) == 1 ? 1 : Matrix.stride(v, 2);
    }
}
