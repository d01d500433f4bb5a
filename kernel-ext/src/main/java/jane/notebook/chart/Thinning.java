package jane.notebook.chart;

import java.util.Arrays;
import java.util.BitSet;

/** Leaves of many points those that a picture can show: its extremes are kept, always. */
final class Thinning {
    /** Points of one series: {@code x[i], y[i]}. */
    static final class Points {
        final double[] x;
        final double[] y;

        Points(double[] x, double[] y) {
            this.x = x;
            this.y = y;
        }

        int size() {
            return x.length;
        }

        Points first(int n) {
            return new Points(Arrays.copyOf(x, n), Arrays.copyOf(y, n));
        }
    }

    private Thinning() {}

    /** Whether x never falls, as thinning a line by columns needs. */
    static boolean rising(double[] x) {
        for (int i = 1; i < x.length; i++) {
            if (x[i] < x[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /**
     * For a line: of each of {@code columns} equal parts of the points the first, least, largest
     * and last. A line whose x turns back is thinned to the points that move by a pixel.
     */
    static Points line(Points points, int columns, int rows) {
        int n = points.size();
        if (n <= 4 * columns) {
            return points;
        }
        if (!rising(points.x)) {
            return moving(points, columns, rows);
        }
        var x = new double[4 * columns];
        var y = new double[4 * columns];
        int kept = 0;
        for (int c = 0; c < columns; c++) {
            int from = (int) ((long) n * c / columns);
            int to = (int) ((long) n * (c + 1) / columns);
            for (int i : telling(points.y, from, to)) {
                x[kept] = points.x[i];
                y[kept++] = points.y[i];
            }
        }
        return new Points(x, y).first(kept);
    }

    /** First, least, largest and last of a range, in order. */
    private static int[] telling(double[] y, int from, int to) {
        int least = from;
        int largest = from;
        for (int i = from; i < to; i++) {
            least = y[i] < y[least] ? i : least;
            largest = y[i] > y[largest] ? i : largest;
        }
        return Arrays.stream(new int[] {from, least, largest, to - 1})
                .sorted()
                .distinct()
                .toArray();
    }

    private static Points moving(Points points, int columns, int rows) {
        var place = new Place(points, columns, rows);
        var x = new double[points.size()];
        var y = new double[points.size()];
        int kept = 0;
        int before = -1;
        for (int i = 0; i < points.size(); i++) {
            int here = place.of(i);
            if (here != before) {
                x[kept] = points.x[i];
                y[kept++] = points.y[i];
                before = here;
            }
        }
        return new Points(x, y).first(kept);
    }

    /** For dots: one of those that share a place in a grid of {@code columns} by {@code rows}. */
    static Points dots(Points points, int columns, int rows) {
        if (points.size() <= columns) {
            return points;
        }
        var place = new Place(points, columns, rows);
        var taken = new BitSet(columns * rows);
        var x = new double[points.size()];
        var y = new double[points.size()];
        int kept = 0;
        for (int i = 0; i < points.size(); i++) {
            int here = place.of(i);
            if (!taken.get(here)) {
                taken.set(here);
                x[kept] = points.x[i];
                y[kept++] = points.y[i];
            }
        }
        return new Points(x, y).first(kept);
    }

    /** Where points fall in a grid over all of them. */
    private static final class Place {
        private final Points points;
        private final Range xs;
        private final Range ys;
        private final int columns;
        private final int rows;

        Place(Points points, int columns, int rows) {
            this.points = points;
            this.columns = columns;
            this.rows = rows;
            xs = Range.of(points.x);
            ys = Range.of(points.y);
        }

        int of(int i) {
            int column = (int) Math.min(columns - 1, xs.share(points.x[i]) * columns);
            int row = (int) Math.min(rows - 1, ys.share(points.y[i]) * rows);
            return row * columns + column;
        }
    }
}
