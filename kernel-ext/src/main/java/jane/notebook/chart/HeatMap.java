package jane.notebook.chart;

import jane.ir.Shape;
import jane.tensor.Tensor;
import java.util.Arrays;

/**
 * A matrix as colours, with a bar that says what they mean: blue to white to red, white at 0, where
 * values have both signs; else dark to bright. Up to 12 x 12, cells show their numbers; above 128
 * cells along an axis each stands for the mean of a block. The last axis runs to the right, those
 * before it together run down. A cell without a finite value is crossed out.
 */
public final class HeatMap extends Labelled<HeatMap> {
    private static final int MOST = 128;

    private final Grid grid;
    private final String shape;

    private HeatMap(Grid grid, String shape) {
        this.grid = grid;
        this.shape = shape;
    }

    /** The values of a tensor of any rank. */
    public static HeatMap of(Tensor tensor) {
        return new HeatMap(Grid.of(tensor, MOST), tensor.shape().toString());
    }

    /** Rows of a matrix, top first. */
    public static HeatMap of(double[][] rows) {
        var grid = Grid.of(rows, MOST);
        return new HeatMap(grid, Shape.of(rows.length, rows[0].length).toString());
    }

    /** Rows of a matrix, top first. */
    public static HeatMap of(float[][] rows) {
        return of(Arrays.stream(rows).map(Values::of).toArray(double[][]::new));
    }

    @Override
    HeatMap self() {
        return this;
    }

    Grid grid() {
        return grid;
    }

    @Override
    public byte[] png() {
        return new HeatMapPainter(this).png();
    }

    /** Shape and range, and what a cell stands for, as a line under the title. */
    String facts() {
        var all = grid.values();
        var facts = new StringBuilder(shape);
        if (all.finite() > 0) {
            facts.append(", ")
                    .append(Figures.of(all.min()))
                    .append(" to ")
                    .append(Figures.of(all.max()))
                    .append(", mean ")
                    .append(Figures.of(all.mean()));
        }
        if (all.nans() + all.infinities() > 0) {
            facts.append(", ")
                    .append(Figures.count(all.nans() + all.infinities()))
                    .append(" not finite");
        }
        if (grid.isSummary()) {
            facts.append("; a cell is the mean of ")
                    .append(grid.blockRows())
                    .append(" × ")
                    .append(grid.blockColumns())
                    .append(" values");
        }
        return facts.toString();
    }

    @Override
    public String alt() {
        return "Heat map"
                + (title().isEmpty() ? "" : " \"" + title() + "\"")
                + ": "
                + facts()
                + ".";
    }

    @Override
    public String text() {
        return alt();
    }
}
