package jane.engine.sim;

import jane.engine.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Optional;

/**
 * {@code y = x w} in the arithmetic of {@link FixedPoint}, on halves in direct memory. An operand
 * is addressed by offsets: any strides, transposes, and windows of padded images.
 */
final class Contraction {
    /** Rows and columns of y that {@link #block} makes. */
    static final int ROWS = 128;

    static final int COLUMNS = 256;

    private final Operand x;
    private final Operand w;
    private final Operand y;
    private final Optional<Start> start;
    private final boolean truncates;

    /** Halves, of which element (i, j) is at {@code rows[i] + columns[j]}. */
    static final class Operand {
        final ByteBuffer halves;
        final int rows;
        final int columns;
        final ByteBuffer rowOffsets;
        final ByteBuffer columnOffsets;

        Operand(ByteBuffer halves, long[] rows, long[] columns) {
            this.halves = halves;
            this.rows = rows.length;
            this.columns = columns.length;
            rowOffsets = direct(rows);
            columnOffsets = direct(columns);
        }

        private Operand(Operand of, int first) {
            halves = from(of.halves, first);
            rows = of.rows;
            columns = of.columns;
            rowOffsets = of.rowOffsets;
            columnOffsets = of.columnOffsets;
        }

        /** The same, from half {@code first} on. */
        Operand at(int first) {
            return new Operand(this, first);
        }

        /** Zeros. */
        static ByteBuffer halves(int count) {
            return Buffer.directBytes(2L * count);
        }

        /** Without the first halves. */
        static ByteBuffer from(ByteBuffer halves, int first) {
            return halves.slice(2 * first, halves.limit() - 2 * first)
                    .order(ByteOrder.nativeOrder());
        }

        private static ByteBuffer direct(long... offsets) {
            var bytes = Buffer.directBytes(8L * offsets.length);
            bytes.asLongBuffer().put(offsets);
            return bytes;
        }
    }

    /** A half for each row of y, or for each column, that its sums begin with. */
    record Start(ByteBuffer halves, boolean byRow) {}

    /**
     * A contraction.
     *
     * @param x (M, K)
     * @param w (K, N)
     * @param y (M, N), written
     * @param truncates results toward zero
     */
    Contraction(Operand x, Operand w, Operand y, Optional<Start> start, boolean truncates) {
        this.x = x;
        this.w = w;
        this.y = y;
        this.start = start;
        this.truncates = truncates;
    }

    int m() {
        return x.rows;
    }

    int k() {
        return x.columns;
    }

    int n() {
        return w.columns;
    }

    Operand x() {
        return x;
    }

    Operand w() {
        return w;
    }

    Operand y() {
        return y;
    }

    Optional<Start> start() {
        return start;
    }

    boolean truncates() {
        return truncates;
    }

    /** Blocks of y, which can be made in any order. */
    int blocks() {
        return blocks(m(), ROWS) * blocks(n(), COLUMNS);
    }

    /** The first row of a block. */
    int row(int block) {
        return block % blocks(m(), ROWS) * ROWS;
    }

    /** The first column of a block. */
    int column(int block) {
        return block / blocks(m(), ROWS) * COLUMNS;
    }

    private static int blocks(int size, int length) {
        return (size + length - 1) / length;
    }

    /** Makes one block of y, in Java: the rule as it is written. */
    void block(int block) {
        var xs = new Half(x);
        var ws = new Half(w);
        var ys = new Half(y);
        for (int i = row(block); i < Math.min(m(), row(block) + ROWS); i++) {
            for (int j = column(block); j < Math.min(n(), column(block) + COLUMNS); j++) {
                long sum = begin(i, j);
                for (int p = 0; p < k() && Math.abs(sum) < FixedPoint.LIMIT; p++) {
                    sum += FixedPoint.product(xs.at(i, p), ws.at(p, j));
                }
                ys.put(i, j, FixedPoint.result(sum, truncates));
            }
        }
    }

    private long begin(int i, int j) {
        if (start.isEmpty()) {
            return 0;
        }
        var values = start.orElseThrow();
        return FixedPoint.start(values.halves().getShort(2 * (values.byRow() ? i : j)));
    }

    /** An operand as Java reads it. */
    private static final class Half {
        private final ShortBuffer halves;
        private final LongBuffer rows;
        private final LongBuffer columns;

        Half(Operand operand) {
            halves = operand.halves.asShortBuffer();
            rows = operand.rowOffsets.asLongBuffer();
            columns = operand.columnOffsets.asLongBuffer();
        }

        short at(int i, int j) {
            return halves.get((int) (rows.get(i) + columns.get(j)));
        }

        void put(int i, int j, short half) {
            halves.put((int) (rows.get(i) + columns.get(j)), half);
        }
    }
}
