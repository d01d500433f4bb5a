package jane.data;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The feature values of a data set: floats, or one byte each with a table of what the 256 bytes
 * mean, which keeps images at a quarter of the memory.
 */
abstract sealed class Features {
    /** A function of one value, without boxing. */
    interface FloatFunction {
        float apply(float x);
    }

    /** Takes {@code values} over. */
    static Features of(float[] values) {
        return new Floats(values);
    }

    /** Takes {@code pixels} over; each means its unsigned value / 255. */
    static Features ofPixels(byte[] pixels) {
        var meaning = new float[256];
        for (int i = 0; i < 256; i++) {
            meaning[i] = i / 255f;
        }
        return new Bytes(pixels, meaning);
    }

    abstract float get(int index);

    abstract void copy(int from, int length, float[] out, int offset);

    /** Writes rows {@code rows[from]} to {@code rows[to - 1]}, each of {@code length} values. */
    void copyRows(int[] rows, int from, int to, int length, FloatBuffer out) {
        var row = new float[length];
        for (int i = from; i < to; i++) {
            copy(rows[i] * length, length, row, 0);
            out.put(row);
        }
    }

    /** Rows of {@code length} values, in the order of {@code rows}. */
    abstract Features gather(int[] rows, int length);

    /** These values, then those of {@code other}. */
    abstract Features concat(Features other);

    abstract Features map(FloatFunction f);

    abstract int size();

    private static final class Floats extends Features {
        private final float[] values;

        Floats(float[] values) {
            this.values = values;
        }

        @Override
        float get(int index) {
            return values[index];
        }

        @Override
        void copy(int from, int length, float[] out, int offset) {
            System.arraycopy(values, from, out, offset, length);
        }

        @Override
        void copyRows(int[] rows, int from, int to, int length, FloatBuffer out) {
            for (int i = from; i < to; i++) {
                out.put(values, rows[i] * length, length);
            }
        }

        @Override
        Features gather(int[] rows, int length) {
            var out = new float[rows.length * length];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(values, rows[i] * length, out, i * length, length);
            }
            return new Floats(out);
        }

        @Override
        Features concat(Features other) {
            var out = Arrays.copyOf(values, values.length + other.size());
            other.copy(0, other.size(), out, values.length);
            return new Floats(out);
        }

        @Override
        int size() {
            return values.length;
        }

        @Override
        Features map(FloatFunction f) {
            return new Floats(mapped(values, f));
        }
    }

    private static final class Bytes extends Features {
        private final byte[] bytes;
        private final float[] meaning;

        Bytes(byte[] bytes, float[] meaning) {
            this.bytes = bytes;
            this.meaning = meaning;
        }

        @Override
        float get(int index) {
            return meaning[bytes[index] & 0xff];
        }

        @Override
        void copy(int from, int length, float[] out, int offset) {
            for (int i = 0; i < length; i++) {
                out[offset + i] = meaning[bytes[from + i] & 0xff];
            }
        }

        @Override
        Features gather(int[] rows, int length) {
            var out = new byte[rows.length * length];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(bytes, rows[i] * length, out, i * length, length);
            }
            return new Bytes(out, meaning);
        }

        @Override
        Features concat(Features other) {
            if (other instanceof Bytes that && Arrays.equals(meaning, that.meaning)) {
                var out = Arrays.copyOf(bytes, bytes.length + that.bytes.length);
                System.arraycopy(that.bytes, 0, out, bytes.length, that.bytes.length);
                return new Bytes(out, meaning);
            }
            var floats = new float[bytes.length];
            copy(0, bytes.length, floats, 0);
            return new Floats(floats).concat(other);
        }

        @Override
        int size() {
            return bytes.length;
        }

        @Override
        Features map(FloatFunction f) {
            return new Bytes(bytes, mapped(meaning, f));
        }
    }

    private static float[] mapped(float[] values, FloatFunction f) {
        var out = Arrays.copyOf(values, values.length);
        for (int i = 0; i < out.length; i++) {
            out[i] = f.apply(out[i]);
        }
        return out;
    }
}
