package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;

/** A picture as an eye would have it: read back by ImageIO, which is not what wrote it. */
final class Seen {
    private static final int NEAR = 60;

    final BufferedImage image;

    Seen(Picture picture) {
        this(picture.png());
    }

    Seen(byte[] png) {
        try {
            image = ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pixels of this colour, or so near that a soft edge made the difference. */
    int count(Color color) {
        return count(color, 0, 0, image.getWidth(), image.getHeight());
    }

    int count(Color color, int left, int top, int right, int bottom) {
        int n = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                var seen = new Color(image.getRGB(x, y));
                int off =
                        Math.abs(seen.getRed() - color.getRed())
                                + Math.abs(seen.getGreen() - color.getGreen())
                                + Math.abs(seen.getBlue() - color.getBlue());
                n += off <= NEAR ? 1 : 0;
            }
        }
        return n;
    }

    int distinctColors() {
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colors.add(image.getRGB(x, y));
            }
        }
        return colors.size();
    }

    /** Drawn on white to the edges, opaque, and more than a frame. */
    Seen isADrawing() {
        assertTrue(distinctColors() > 8, "colours: " + distinctColors());
        int right = image.getWidth() - 1;
        int bottom = image.getHeight() - 1;
        for (int[] corner : new int[][] {{0, 0}, {right, 0}, {0, bottom}, {right, bottom}}) {
            assertEquals(0xFFFFFFFF, image.getRGB(corner[0], corner[1]));
        }
        return this;
    }

    Seen hasSize(int width, int height) {
        assertEquals(width + " x " + height, image.getWidth() + " x " + image.getHeight());
        return this;
    }

    /** No ink at the edges: nothing is cut off. */
    Seen nothingIsCutOff() {
        int w = image.getWidth();
        int h = image.getHeight();
        for (int x = 0; x < w; x++) {
            assertEquals(0xFFFFFFFF, image.getRGB(x, 0), "top edge at " + x);
            assertEquals(0xFFFFFFFF, image.getRGB(x, h - 1), "bottom edge at " + x);
        }
        for (int y = 0; y < h; y++) {
            assertEquals(0xFFFFFFFF, image.getRGB(0, y), "left edge at " + y);
            assertEquals(0xFFFFFFFF, image.getRGB(w - 1, y), "right edge at " + y);
        }
        return this;
    }
}
