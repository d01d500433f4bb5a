package jane.data;

/**
 * One pen stroke: a smooth curve through its points (Catmull-Rom, so cubic Bezier pieces), straight
 * into and out of the points that are corners. Immutable; in a design box of 100 by 100, x to the
 * right and y down, until a {@link Warp} takes it elsewhere.
 */
final class Stroke {
    private static final int PIECES = 6; // straight lines per curved span: the error is < 0.1 pixel

    private final double[] xs;
    private final double[] ys;
    private final boolean[] corners;
    private final boolean closed;

    private Stroke(double[] xs, double[] ys, boolean[] corners, boolean closed) {
        this.xs = xs;
        this.ys = ys;
        this.corners = corners;
        this.closed = closed;
    }

    /** Moves one point, written to {@code to} as x and y. */
    @FunctionalInterface
    interface Warp {
        void apply(double x, double y, double[] to);
    }

    /** Reads {@code "x,y x,y! x,y z"}: {@code !} makes the point a corner, z closes the curve. */
    static Stroke parse(String text) {
        var words = text.strip().split(" +");
        boolean closed = words[words.length - 1].equals("z");
        int n = closed ? words.length - 1 : words.length;
        var stroke = new Stroke(new double[n], new double[n], new boolean[n], closed);
        for (int i = 0; i < n; i++) {
            stroke.corners[i] = words[i].endsWith("!");
            var point = words[i].replace("!", "").split(",");
            stroke.xs[i] = Integer.parseInt(point[0]);
            stroke.ys[i] = Integer.parseInt(point[1]);
        }
        return stroke;
    }

    /** This stroke with every point moved. */
    Stroke warped(Warp warp) {
        var moved = new Stroke(new double[xs.length], new double[ys.length], corners, closed);
        var to = new double[2];
        for (int i = 0; i < xs.length; i++) {
            warp.apply(xs[i], ys[i], to);
            moved.xs[i] = to[0];
            moved.ys[i] = to[1];
        }
        return moved;
    }

    /** Draws the stroke as short straight lines. */
    void draw(Raster raster) {
        int spans = closed ? xs.length : xs.length - 1;
        for (int i = 0; i < spans; i++) {
            span(raster, i, (i + 1) % xs.length);
        }
    }

    private void span(Raster raster, int from, int to) {
        int before = neighbour(from, -1);
        int after = neighbour(to, 1);
        int pieces = before == from && after == to ? 1 : PIECES;
        double x = xs[from];
        double y = ys[from];
        for (int piece = 1; piece <= pieces; piece++) {
            double t = (double) piece / pieces;
            double nextX = curve(xs[before], xs[from], xs[to], xs[after], t);
            double nextY = curve(ys[before], ys[from], ys[to], ys[after], t);
            raster.line(x, y, nextX, nextY);
            x = nextX;
            y = nextY;
        }
    }

    /** The point beside {@code i}, or {@code i} itself where the curve starts anew or ends. */
    private int neighbour(int i, int step) {
        int beside = i + step;
        if (corners[i] || !closed && (beside < 0 || beside == xs.length)) {
            return i;
        }
        return Math.floorMod(beside, xs.length);
    }

    /** Between b (t = 0) and c (t = 1) on the Catmull-Rom curve through a, b, c, d. */
    private static double curve(double a, double b, double c, double d, double t) {
        double b1 = b + (c - a) / 6; // Bezier control points
        double c1 = c - (d - b) / 6;
        double s = 1 - t;
        return s * s * s * b + 3 * s * s * t * b1 + 3 * s * t * t * c1 + t * t * t * c;
    }
}
