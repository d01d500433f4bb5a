package jane.bench.duel;

import jane.ir.DataException;
import jane.tensor.RandomStream;

/** [m, k] times [k, n]. */
public record MatrixShape(int m, int k, int n) {
    /** Reads {@code MxKxN}. */
    public static MatrixShape parse(String text) {
        if (!text.matches("[1-9]\\d{0,4}x[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
            throw new DataException("sgemm", "shape '%s'; need MxKxN such as 256x768x768", text);
        }
        var parts = text.split("x");
        return new MatrixShape(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /** Floating-point operations of one product. */
    public double flops() {
        return 2.0 * m * k * n;
    }

    /** Random numbers that are the same in every process. */
    static float[] random(String name, int count) {
        var values = new float[count];
        RandomStream.of(1, name).fillUniform(values, -1, 1);
        return values;
    }

    @Override
    public String toString() {
        return m + "x" + k + "x" + n;
    }
}
