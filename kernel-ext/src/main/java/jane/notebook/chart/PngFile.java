package jane.notebook.chart;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes drawings as PNG with a colour table: a third of the size, and of the time, of what ImageIO
 * makes of the same picture. A drawing has a few flat colours and soft edges between them; the flat
 * ones are kept exactly, and soft edges lose bits that nobody can see until all fit in 256 entries.
 *
 * <p><b>Source.</b> PNG, W3C Recommendation, third edition: colour types 3 and 2, filter 0.
 */
final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int ENTRIES = 256;
    private static final int EXACT = 64;
    private static final int FREE = -1;

    private final int[] pixels;
    private final int width;
    private final int height;

    /** Open-addressed map from colour to how often, then to its entry: boxing costs too much. */
    private final int[] keys = new int[1 << 15];

    private final int[] values = new int[keys.length];
    private int distinct;

    private PngFile(int[] pixels, int width, int height) {
        this.pixels = pixels;
        this.width = width;
        this.height = height;
    }

    /** The file of {@code 0xRRGGBB} pixels, row by row; {@code pixels} may be changed. */
    static byte[] of(int[] pixels, int width, int height) {
        return new PngFile(pixels, width, height).write();
    }

    private byte[] write() {
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xFFFFFF;
        }
        boolean few = count() <= ENTRIES;
        if (!few) {
            var exact = frequent();
            for (int bits = 5; bits >= 4 && !few; bits--) {
                few = distinct <= keys.length / 2 && reduce(exact, bits) <= ENTRIES;
            }
        }
        var out = new ByteArrayOutputStream(pixels.length / 16 + 1024);
        out.writeBytes(SIGNATURE);
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) 8).put((byte) (few ? 3 : 2));
        chunk(out, "IHDR", header.array(), 13);
        var raw = few ? indexed(out) : direct();
        var deflater = new Deflater(few ? 6 : Deflater.DEFAULT_COMPRESSION);
        deflater.setInput(raw);
        deflater.finish();
        var packed = new byte[raw.length + raw.length / 1000 + 64];
        int size = deflater.deflate(packed);
        deflater.end();
        chunk(out, "IDAT", packed, size);
        chunk(out, "IEND", new byte[0], 0);
        return out.toByteArray();
    }

    /** Counts colours; stops above half the map's size, where there are too many anyway. */
    private int count() {
        Arrays.fill(keys, FREE);
        Arrays.fill(values, 0);
        distinct = 0;
        for (int pixel : pixels) {
            values[slot(pixel)]++;
            if (distinct > keys.length / 2) {
                return distinct;
            }
        }
        return distinct;
    }

    private int slot(int color) {
        int at = (color * 0x9E3779B1) >>> 17;
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

    /** The colours of the flat areas, sorted. */
    private int[] frequent() {
        var byCount = new long[distinct];
        int n = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != FREE) {
                byCount[n++] = ((long) values[i] << 24) | keys[i];
            }
        }
        Arrays.sort(byCount);
        var exact = new int[Math.min(EXACT, n)];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = (int) (byCount[n - 1 - i] & 0xFFFFFF);
        }
        Arrays.sort(exact);
        return exact;
    }

    /** Rounds all but the {@code exact} colours to {@code bits} per channel. */
    private int reduce(int[] exact, int bits) {
        for (int i = 0; i < pixels.length; i++) {
            if (Arrays.binarySearch(exact, pixels[i]) < 0) {
                int p = pixels[i];
                pixels[i] = round(p >> 16 & 255, bits) << 16
                        | round(p >> 8 & 255, bits) << 8
                        | round(p & 255, bits);
            }
        }
        return count();
    }

    private static int round(int channel, int bits) {
        int levels = (1 << bits) - 1;
        return (channel * levels + 127) / 255 * 255 / levels;
    }

    private byte[] indexed(ByteArrayOutputStream out) {
        var table = new byte[3 * distinct];
        int entry = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != FREE) {
                values[i] = entry;
                table[3 * entry] = (byte) (keys[i] >> 16);
                table[3 * entry + 1] = (byte) (keys[i] >> 8);
                table[3 * entry++ + 2] = (byte) keys[i];
            }
        }
        chunk(out, "PLTE", table, table.length);
        var raw = new byte[(width + 1) * height];
        int to = 0;
        for (int i = 0; i < pixels.length; i++) {
            to += i % width == 0 ? 1 : 0; // the row's filter: none
            raw[to++] = (byte) values[slot(pixels[i])];
        }
        return raw;
    }

    private byte[] direct() {
        var raw = new byte[(3 * width + 1) * height];
        int to = 0;
        for (int i = 0; i < pixels.length; i++) {
            to += i % width == 0 ? 1 : 0;
            raw[to++] = (byte) (pixels[i] >> 16);
            raw[to++] = (byte) (pixels[i] >> 8);
            raw[to++] = (byte) pixels[i];
        }
        return raw;
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data, int size) {
        var name = type.getBytes(StandardCharsets.US_ASCII);
        var sum = new CRC32();
        sum.update(name);
        sum.update(data, 0, size);
        out.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
        out.writeBytes(name);
        out.write(data, 0, size);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }
}
