package jane.data;

import java.util.Arrays;

/**
 * A square of pixels drawn with a round pen: each pixel keeps its distance to the nearest line, and
 * the edge is one pixel of linear ramp, which is the anti-aliasing. Pixel (0, 0) spans 0 to 1.
 */
final class Raster {
    private final int size;
    private final double[] squares; // of the distances; infinite where no line is near
    private double reach;

    Raster(int size) {
        this.size = size;
        this.squares = new double[size * size];
    }

    /** Empties the square and takes a pen of this radius, in pixels. */
    void start(double radius) {
        Arrays.fill(squares, Double.POSITIVE_INFINITY);
        reach = radius + 0.5;
    }

    /** Draws a straight line; the parts outside the square are cut off. */
    void line(double x0, double y0, double x1, double y1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = Math.max(dx * dx + dy * dy, 1e-12); // squared; a dot is a line too
        int left = first(Math.min(x0, x1));
        int right = last(Math.max(x0, x1));
        int bottom = last(Math.max(y0, y1));
        for (int row = first(Math.min(y0, y1)); row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double px = column + 0.5 - x0;
                double py = row + 0.5 - y0;
                double t = Math.max(0, Math.min(1, (px * dx + py * dy) / length));
                double ex = px - t * dx;
                double ey = py - t * dy;
                int at = row * size + column;
                squares[at] = Math.min(squares[at], ex * ex + ey * ey);
            }
        }
    }

    /** How much of pixel {@code index} the pen covers, 0 to 1. */
    double coverage(int index) {
        return Math.max(0, Math.min(1, reach - Math.sqrt(squares[index])));
    }

    private int first(double low) {
        return (int) Math.max(0, Math.floor(low - reach));
    }

    private int last(double high) {
        return (int) Math.min(size - 1, Math.ceil(high + reach));
    }
}
