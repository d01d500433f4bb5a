package jane.notebook.chart;

import jane.ir.JaneException;

/** A named run of points, finite ones only, with a count of what was left out. */
final class Series {
    private final String name;
    private final Thinning.Points points;
    private final int given;

    private Series(String name, Thinning.Points points, int given) {
        this.name = name;
        this.points = points;
        this.given = given;
    }

    static Series of(String name, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new JaneException(
                    "chart",
                    "series '%s' has %d x values and %d y values; need as many of both",
                    name,
                    x.length,
                    y.length);
        }
        return of(name, x, y, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    private static Series of(String name, double[] x, double[] y, double overX, double overY) {
        var points = new Thinning.Points(new double[x.length], new double[x.length]);
        int kept = 0;
        for (int i = 0; i < x.length; i++) {
            if (Double.isFinite(x[i]) && Double.isFinite(y[i]) && x[i] > overX && y[i] > overY) {
                points.x[kept] = x[i];
                points.y[kept++] = y[i];
            }
        }
        return new Series(name, points.first(kept), x.length);
    }

    /** Without the points that a logarithmic axis cannot show. */
    Series positive(boolean inX, boolean inY) {
        double none = Double.NEGATIVE_INFINITY;
        var kept = of(name, points.x, points.y, inX ? 0 : none, inY ? 0 : none);
        return new Series(name, kept.points, given);
    }

    String name() {
        return name;
    }

    Thinning.Points points() {
        return points;
    }

    int size() {
        return points.size();
    }

    /** How many points are not drawn. */
    int leftOut() {
        return given - points.size();
    }

    double first() {
        return points.y[0];
    }

    double last() {
        return points.y[points.size() - 1];
    }

    Range xRange() {
        return Range.of(points.x);
    }

    Range yRange() {
        return Range.of(points.y);
    }
}
