package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Line2D;
import org.knowm.xchart.style.markers.Marker;

/** What stands above a chart: the title, lines under it, and the legend, which wraps. */
final class Head {
    private static final int LEFT = 12;
    private static final int SWATCH = 22;
    private static final int GAP = 16;
    private static final int LINE = 19;

    private final Canvas canvas;
    private int y;
    private double x = LEFT;

    Head(Canvas canvas, String title) {
        this.canvas = canvas;
        if (!title.isEmpty()) {
            y = 24;
            canvas.left(
                    Canvas.fit(title, Canvas.TITLE, room()), LEFT, y, Canvas.TITLE, Palette.INK);
        }
    }

    private double room() {
        return canvas.width() - 2 * LEFT;
    }

    /** Adds a line of text. */
    Head line(String text, Color color) {
        y += y == 0 ? 20 : LINE;
        canvas.left(Canvas.fit(text, Canvas.TEXT, room()), LEFT, y, Canvas.TEXT, color);
        return this;
    }

    /** Adds a legend entry: a piece of the line, and its name. */
    Head entry(String name, Color color, BasicStroke stroke) {
        double at = place(name, color);
        canvas.pen().setStroke(thicker(stroke));
        canvas.pen().draw(new Line2D.Double(at, y - 4.5, at + SWATCH - 6, y - 4.5));
        return this;
    }

    /** Adds a legend entry: the marker, and its name. */
    Head dot(String name, Color color, Marker marker) {
        double at = place(name, color);
        marker.paint(canvas.pen(), at + SWATCH - 12, y - 4.5, 8);
        return this;
    }

    /** Writes the name, leaving room before it, and takes up the colour; the result is where. */
    private double place(String name, Color color) {
        var text = Canvas.fit(name, Canvas.TEXT, room() - SWATCH - GAP);
        double needs = SWATCH + Canvas.widthOf(text, Canvas.TEXT) + GAP;
        if (x == LEFT || x + needs - GAP > canvas.width() - LEFT) {
            y += y == 0 ? 20 : LINE;
            x = LEFT;
        }
        double at = x;
        canvas.left(text, at + SWATCH, y, Canvas.TEXT, Palette.INK);
        canvas.pen().setColor(color);
        x += needs;
        return at;
    }

    private static BasicStroke thicker(BasicStroke stroke) {
        return new BasicStroke(
                stroke.getLineWidth() + 1.5f,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                1,
                stroke.getDashArray(),
                0);
    }

    /** Pixels used so far. */
    int height() {
        return y == 0 ? 0 : y + 8;
    }
}
