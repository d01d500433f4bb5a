package jane.notebook.chart;

import java.util.Arrays;

/**
 * The 256 colours that stand for all those of a picture. A drawing has a few flat colours, kept
 * exactly as the most frequent, and the many shades of soft edges, each of which takes the nearest
 * of the others; these are chosen so that the worst miss is small.
 */
final class ColorTable {
    private static final int ENTRIES = 256;
    private static final int BY_COUNT = 160;
    private static final int MOST_COLORS = 1 << 14;

    /** Sum of differences in red, green and blue that no one sees at an edge. */
    private static final int FARTHEST = 48;

    private static final int FREE = -1;

    /** Open addressing: colours, how often they occur, and later their entries. */
    private final int[] keys = new int[2 * MOST_COLORS];

    private final int[] values = new int[keys.length];
    private int distinct;
    private byte[] entries = new byte[0];
    private final boolean fits;
    private int lastColor = FREE;
    private byte lastEntry;

    ColorTable(int[] pixels) {
        Arrays.fill(keys, FREE);
        fits = count(pixels) && choose();
    }

    /** Whether 256 colours are enough. */
    boolean fits() {
        return fits;
    }

    /** Red, green and blue of each entry. */
    byte[] entries() {
        return entries;
    }

    /** The entry for a pixel of the picture. */
    byte entry(int pixel) {
        int color = pixel & 0xFFFFFF;
        if (color != lastColor) {
            lastColor = color;
            lastEntry = (byte) values[slot(color)];
        }
        return lastEntry;
    }

    private boolean count(int[] pixels) {
        for (int from = 0, i = 0; i <= pixels.length; i++) {
            if (i == pixels.length || pixels[i] != pixels[from]) {
                values[slot(pixels[from] & 0xFFFFFF)] += i - from;
                from = i;
            }
            if (distinct > MOST_COLORS) {
                return false;
            }
        }
        return true;
    }

    private int slot(int color) {
        int at = color * 0x9E3779B1 >>> 17;
        while (keys[at] != color) {
            if (keys[at] == FREE) {
                keys[at] = color;
                distinct++;
                return at;
            }
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }

    /** The most frequent first, then, again and again, the one that is farthest from all chosen. */
    private boolean choose() {
        var colors = byCount();
        var miss = new int[colors.length];
        var nearest = new int[colors.length];
        Arrays.fill(miss, Integer.MAX_VALUE);
        entries = new byte[3 * Math.min(ENTRIES, colors.length)];
        int chosen = 0;
        for (int entry = 0; 3 * entry < entries.length; entry++) {
            chosen = entry < BY_COUNT ? entry : worst(miss);
            int color = colors[chosen];
            entries[3 * entry] = (byte) (color >> 16);
            entries[3 * entry + 1] = (byte) (color >> 8);
            entries[3 * entry + 2] = (byte) color;
            for (int i = 0; i < colors.length; i++) {
                int distance = distance(colors[i], color);
                if (distance < miss[i]) {
                    miss[i] = distance;
                    nearest[i] = entry;
                }
            }
        }
        for (int i = 0; i < colors.length; i++) {
            values[slot(colors[i])] = nearest[i];
        }
        return miss[worst(miss)] <= FARTHEST;
    }

    private int[] byCount() {
        var counted = new long[distinct];
        int n = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != FREE) {
                counted[n++] = -((long) values[i] << 24 | keys[i]);
            }
        }
        Arrays.sort(counted);
        return Arrays.stream(counted).mapToInt(c -> (int) (-c & 0xFFFFFF)).toArray();
    }

    private static int worst(int[] miss) {
        int worst = 0;
        for (int i = 1; i < miss.length; i++) {
            worst = miss[i] > miss[worst] ? i : worst;
        }
        return worst;
    }

    private static int distance(int a, int b) {
        return Math.abs((a >> 16) - (b >> 16))
                + Math.abs((a >> 8 & 255) - (b >> 8 & 255))
                + Math.abs((a & 255) - (b & 255));
    }
}
