package jane.engine.cpu;

/**
 * How one product (M, K) by (K, N) is cut into tasks. Depends on the shape alone, so that results
 * do not depend on the number of threads.
 *
 * @param rows rows of C in a task
 * @param columns columns of C in a task
 * @param inner inner indices in a task; less than K where C is too small to be cut enough
 */
record Grid(int m, int n, int k, int rows, int columns, int inner) {
    /** Multiplications that are worth a task: some 100 microseconds. */
    private static final long TASK = 1 << 22;

    /** More would pack the operands too often, unless the product is huge. */
    private static final int MOST_TASKS = 4;

    private static final long HUGE = 1L << 35;
    private static final int MOST_OF_HUGE = 16; // where both operands are copied in any case

    /** Thinner blocks are slow. */
    private static final int LEAST = 32;

    private static final int LEAST_INNER = 256;

    /** Blocks begin at multiples of this: whole vectors, and whole tiles of the BLAS. */
    private static final int STEP = 16;

    /** An operand that is read where it lies costs this much less to read again than a copy. */
    private static final int READ = 4;

    /**
     * Halves one of the sides until the tasks are many, or small; then K. Halves of the columns
     * both need the rows of A, halves of the rows the columns of B: the side is taken that has less
     * to copy again.
     *
     * @param copiesA whether a task copies what it needs of A, as it does of B
     * @param cutInner whether K may be cut
     */
    static Grid of(int m, int n, int k, boolean copiesA, boolean cutInner) {
        long work = (long) m * n * k;
        long most = work >= HUGE && copiesA ? MOST_OF_HUGE : Math.min(MOST_TASKS, work / TASK);
        int rows = m;
        int columns = n;
        int inner = k;
        int tasks = 1;
        while (2 * tasks <= most) {
            boolean byRows = rows >= 2 * LEAST;
            boolean byColumns = columns >= 2 * LEAST;
            if (byRows && byColumns) {
                byRows = (copiesA ? rows : rows / READ) > columns;
            }
            if (byRows) {
                rows = half(rows);
            } else if (byColumns) {
                columns = half(columns);
            } else if (cutInner && inner >= 2 * LEAST_INNER) {
                inner = half(inner);
            } else {
                break;
            }
            tasks *= 2;
        }
        return new Grid(m, n, k, rows, columns, inner);
    }

    private static int half(int size) {
        return ((size + 1) / 2 + STEP - 1) / STEP * STEP;
    }

    /** Multiplications of the whole product. */
    long work() {
        return (long) m * n * k;
    }

    int rowBlocks() {
        return blocks(m, rows);
    }

    int columnBlocks() {
        return blocks(n, columns);
    }

    int chunks() {
        return blocks(k, inner);
    }

    /** First row of a task. */
    int row(int task) {
        return task / chunks() % rowBlocks() * rows;
    }

    /** First column of a task. */
    int column(int task) {
        return task / chunks() / rowBlocks() * columns;
    }

    int tasks() {
        return rowBlocks() * columnBlocks() * chunks();
    }

    private static int blocks(int size, int block) {
        return (size + block - 1) / block;
    }
}
