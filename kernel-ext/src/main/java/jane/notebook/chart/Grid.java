package jane.notebook.chart;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/** A matrix made small enough to draw: each cell is the mean of a block of values. */
final class Grid {
    private final int rows;
    private final int columns;
    private final int blockRows;
    private final int blockColumns;
    private final double[] cells;
    private final Histogram values;

    private Grid(int rows, int columns, IntToDoubleFunction value, int most, Histogram values) {
        this.blockRows = (rows + most - 1) / most;
        this.blockColumns = (columns + most - 1) / most;
        this.rows = (rows + blockRows - 1) / blockRows;
        this.columns = (columns + blockColumns - 1) / blockColumns;
        this.values = values;
        cells = new double[this.rows * this.columns];
        var counts = new int[cells.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double x = value.applyAsDouble(r * columns + c);
                int cell = r / blockRows * this.columns + c / blockColumns;
                if (Double.isFinite(x)) {
                    cells[cell] += x;
                    counts[cell]++;
                }
            }
        }
        for (int i = 0; i < cells.length; i++) {
            cells[i] = counts[i] == 0 ? Double.NaN : cells[i] / counts[i];
        }
    }

    /** At most {@code most} cells along each axis; axes before the last are the rows. */
    static Grid of(Tensor tensor, int most) {
        var shape = tensor.shape();
        if (shape.size() == 0) {
            throw new JaneException(
                    "chart", "nothing to draw: shape %s holds no values; need one or more", shape);
        }
        int columns = shape.rank() == 0 ? 1 : shape.dim(-1);
        return new Grid(
                shape.size() / columns,
                columns,
                Values.reader(tensor.buffer()),
                most,
                Histogram.of(tensor, 1));
    }

    static Grid of(double[][] matrix, int most) {
        int columns = matrix.length == 0 ? 0 : matrix[0].length;
        var flat = new double[matrix.length * columns];
        for (int r = 0; r < matrix.length; r++) {
            if (matrix[r].length != columns) {
                throw new JaneException(
                        "chart",
                        "row 0 has %d values, row %d has %d; need as many in each",
                        columns,
                        r,
                        matrix[r].length);
            }
            System.arraycopy(matrix[r], 0, flat, r * columns, columns);
        }
        if (flat.length == 0) {
            throw new JaneException(
                    "chart",
                    "nothing to draw: %d rows of %d values; need one or more of both",
                    matrix.length,
                    columns);
        }
        return new Grid(matrix.length, columns, i -> flat[i], most, Histogram.of(flat, 1));
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    int blockRows() {
        return blockRows;
    }

    int blockColumns() {
        return blockColumns;
    }

    boolean isSummary() {
        return blockRows > 1 || blockColumns > 1;
    }

    /** A cell's mean over its finite values; NaN if it has none. */
    double at(int row, int column) {
        return cells[row * columns + column];
    }

    /** Least and largest cell. */
    Range range() {
        return Range.of(cells);
    }

    /** Of all the values, not of the cells. */
    Histogram values() {
        return values;
    }
}
