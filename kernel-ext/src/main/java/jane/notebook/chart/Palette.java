package jane.notebook.chart;

import java.awt.Color;
import java.util.List;

/**
 * The colours of all pictures, told apart by colour-blind readers and on a poor projector.
 *
 * <p><b>Source.</b> Series: Okabe and Ito 2008, without the yellow that white swallows. Ramps:
 * ColorBrewer RdBu and matplotlib's viridis.
 */
final class Palette {
    static final Color PAPER = Color.WHITE;
    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color FAINT_INK = new Color(0x59, 0x59, 0x59);
    static final Color GRID = new Color(0xDD, 0xDD, 0xDD);
    static final Color MISSING = new Color(0xBB, 0xBB, 0xBB);

    static final Color BLUE = new Color(0x00, 0x72, 0xB2);
    static final Color VERMILLION = new Color(0xD5, 0x5E, 0x00);
    static final Color GREEN = new Color(0x00, 0x9E, 0x73);
    static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
    static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
    static final Color SKY = new Color(0x56, 0xB4, 0xE9);

    static final List<Color> SERIES =
            List.of(BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, Color.BLACK);

    private static final int[] SIGNED = {
        0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D,
        0xB2182B, 0x67001F
    };
    private static final int[] RISING = {
        0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0xB4DE2C,
        0xFDE725
    };

    private Palette() {}

    /** Blue at 0 over white at 0.5 to red at 1. */
    static Color signed(double t) {
        return between(SIGNED, t);
    }

    /** Dark violet at 0 to yellow at 1, brighter all the way. */
    static Color rising(double t) {
        return between(RISING, t);
    }

    private static Color between(int[] stops, double t) {
        double at = Math.max(0, Math.min(1, t)) * (stops.length - 1);
        int i = Math.min(stops.length - 2, (int) at);
        return mix(new Color(stops[i]), new Color(stops[i + 1]), at - i);
    }

    /** {@code a} at 0 to {@code b} at 1. */
    static Color mix(Color a, Color b, double t) {
        return new Color(
                (int) Math.round(a.getRed() + (b.getRed() - a.getRed()) * t),
                (int) Math.round(a.getGreen() + (b.getGreen() - a.getGreen()) * t),
                (int) Math.round(a.getBlue() + (b.getBlue() - a.getBlue()) * t));
    }

    /** The colour on paper, so thin that writing over it is easy to read. */
    static Color tint(Color color) {
        return mix(color, PAPER, 0.8);
    }

    /** Black or white, whichever reads better on {@code ground}. */
    static Color on(Color ground) {
        double light =
                0.299 * ground.getRed() + 0.587 * ground.getGreen() + 0.114 * ground.getBlue();
        return light > 140 ? Color.BLACK : Color.WHITE;
    }
}
