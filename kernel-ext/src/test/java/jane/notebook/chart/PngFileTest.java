package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PngFileTest {
    private static int[] pixels(int n, IntUnaryOperator color) {
        return IntStream.range(0, n).map(color).toArray();
    }

    private static int worstMiss(int[] pixels, int width, int height) {
        var seen = new Seen(PngFile.of(pixels, width, height)).hasSize(width, height);
        int worst = 0;
        for (int i = 0; i < pixels.length; i++) {
            int is = seen.image.getRGB(i % width, i / width);
            int off = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                off += Math.abs((is >> shift & 255) - (pixels[i] >> shift & 255));
            }
            worst = Math.max(worst, off);
        }
        return worst;
    }

    @Test
    void fewColoursAreKeptExactly() {
        assertEquals(0, worstMiss(pixels(13 * 7, i -> i * 12345 & 0xFFFFFF), 13, 7));
        assertEquals(0, worstMiss(pixels(256, i -> i << 16), 16, 16));
        assertEquals(0, worstMiss(new int[] {0xFF00FF}, 1, 1));
    }

    @Test
    void shadesAreNearlyKept() {
        int[] ramp = pixels(100 * 100, i -> Palette.signed(i / 10_000.0).getRGB());
        int miss = worstMiss(ramp, 100, 100);
        assertTrue(miss <= 48, "miss " + miss);
    }

    @Test
    void noiseIsKeptExactly() {
        var random = new Random(1);
        assertEquals(0, worstMiss(pixels(257 * 101, i -> random.nextInt(1 << 24)), 257, 101));
    }

    @Test
    void aDrawingIsSmall() {
        var canvas = new Canvas(640, 400);
        canvas.left("some text", 20, 50, Canvas.TITLE, Palette.INK);
        canvas.line(10, 10, 600, 380, 2, Palette.BLUE);
        int size = canvas.png().length;
        assertTrue(size < 6000, "bytes: " + size);
    }
}
