package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** A white sheet to draw on, with the pens of the house. Units: pixels of the page. */
final class Canvas {
    /** Dots per pixel of the page. */
    static final int SCALE = 1;

    static final Font SMALL = Lettering.plain(12);
    static final Font TEXT = Lettering.plain(13);
    static final Font STRONG = Lettering.bold(13);
    static final Font TITLE = Lettering.bold(16);

    private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

    private final BufferedImage image;
    private final Graphics2D pen;
    private final int width;
    private final int height;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        pen = image.createGraphics();
        pen.scale(SCALE, SCALE);
        pen.setColor(Palette.PAPER);
        pen.fillRect(0, 0, width, height);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setFont(TEXT);
    }

    Graphics2D pen() {
        return pen;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** How wide {@code text} will be. */
    static double widthOf(String text, Font font) {
        return text.isEmpty() ? 0 : font.getStringBounds(text, METRICS).getWidth();
    }

    /** {@code text}, or its beginning with an ellipsis where it is wider than {@code room}. */
    static String fit(String text, Font font, double room) {
        if (widthOf(text, font) <= room) {
            return text;
        }
        int low = 0;
        int high = text.length();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (widthOf(text.substring(0, middle) + "…", font) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return text.substring(0, low) + "…";
    }

    /** Writes with the left end of the base line at (x, y). */
    void left(String text, double x, double y, Font font, Color color) {
        if (!text.isEmpty()) {
            pen.setFont(font);
            pen.setColor(color);
            pen.drawString(text, (float) x, (float) y);
        }
    }

    /** Writes with the middle of the base line at (x, y). */
    void centred(String text, double x, double y, Font font, Color color) {
        left(text, x - widthOf(text, font) / 2, y, font, color);
    }

    /** Writes with the right end of the base line at (x, y). */
    void right(String text, double x, double y, Font font, Color color) {
        left(text, x - widthOf(text, font), y, font, color);
    }

    /** Writes upwards, centred at (x, y). */
    void upwards(String text, double x, double y, Font font, Color color) {
        var before = pen.getTransform();
        pen.translate(x, y);
        pen.rotate(-Math.PI / 2);
        centred(text, 0, 0, font, color);
        pen.setTransform(before);
    }

    void fill(double x, double y, double w, double h, Color color) {
        fill(new Rectangle2D.Double(x, y, w, h), color);
    }

    void fill(Shape shape, Color color) {
        pen.setColor(color);
        pen.fill(shape);
    }

    void line(double x1, double y1, double x2, double y2, float thick, Color color) {
        outline(new Line2D.Double(x1, y1, x2, y2), thick, color);
    }

    void outline(Shape shape, float thick, Color color) {
        pen.setColor(color);
        pen.setStroke(new BasicStroke(thick, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        pen.draw(shape);
    }

    /** The sheet as a PNG file; nothing can be drawn on it afterwards. */
    byte[] png() {
        pen.dispose();
        var pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        return PngFile.of(pixels, image.getWidth(), image.getHeight());
    }
}
