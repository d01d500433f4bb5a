package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Half;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Numbers as MIL text writes them. Floats are C99 hex floats, which lose nothing; {@code inf} and
 * {@code nan}; a hex integer in a float literal is a bit pattern.
 */
final class Numbers {
    private static final Pattern DECIMAL_INT = Pattern.compile("-?[0-9]+");
    private static final Pattern HEX_INT = Pattern.compile("-?0[xX][0-9a-fA-F]+");
    private static final Pattern DECIMAL =
            Pattern.compile("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern HEX_FLOAT =
            Pattern.compile("-?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+");

    private Numbers() {}

    /** {@code value} as a C99 hex float. */
    static String format(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String hex = Double.toHexString(value).replace(".0p", "p");
        return hex.contains("p-") ? hex : hex.replace("p", "p+");
    }

    /** Element {@code index} of {@code data}, so that {@link #put} restores its very bits. */
    static String format(ConstData data, int index) {
        double value = data.get(index);
        if (data.type().dtype() == DType.BOOL) {
            return value != 0 ? "true" : "false";
        }
        if (data.type().dtype().isInt()) {
            return Long.toString((long) value);
        }
        return Double.isNaN(value) ? nan(data, index) : format(value);
    }

    private static String nan(ConstData data, int index) {
        if (data.type().dtype() == DType.FP16) {
            int bits = data.bytes().getShort(2 * index) & 0xffff;
            return bits == 0x7e00 ? "nan" : "0x" + Integer.toHexString(bits);
        }
        int bits = data.bytes().getInt(4 * index);
        return bits == 0x7fc00000 ? "nan" : "0x" + Integer.toHexString(bits);
    }

    /**
     * Appends the element that {@code word} spells to a little-endian buffer.
     *
     * @return what is wrong with the word, if anything
     */
    static Optional<String> put(ByteBuffer out, DType dtype, String word) {
        if (dtype == DType.BOOL) {
            return putBool(out, word);
        }
        return dtype.isInt() ? putInt(out, dtype, word) : putFloat(out, dtype, word);
    }

    private static Optional<String> putBool(ByteBuffer out, String word) {
        if (!word.equals("true") && !word.equals("false")) {
            return Optional.of("need true or false");
        }
        out.put((byte) (word.equals("true") ? 1 : 0));
        return Optional.empty();
    }

    private static Optional<String> putInt(ByteBuffer out, DType dtype, String word) {
        var integer = integer(word);
        if (integer.isEmpty()) {
            return Optional.of("need a whole number of type " + dtype);
        }
        // Bounds by rounding: an integer type clamps what it cannot hold.
        double value = integer.get().doubleValue();
        if (integer.get().bitLength() > 32 || dtype.round(value) != value) {
            return Optional.of("need a number that " + dtype + " can hold");
        }
        ConstData.put(out, dtype, value);
        return Optional.empty();
    }

    private static Optional<String> putFloat(ByteBuffer out, DType dtype, String word) {
        if (HEX_INT.matcher(word).matches()) {
            return putBits(out, dtype, word);
        }
        var value = real(word);
        if (value.isEmpty()) {
            return Optional.of("need a number such as 0x1.8p-1, 0.75, inf or nan");
        }
        double x = value.get();
        if (Double.isNaN(x) && dtype == DType.FP16) {
            out.putShort((short) 0x7e00);
        } else if (dtype == DType.FP16) {
            out.putShort(Half.fromDouble(x));
        } else {
            out.putFloat((float) x);
        }
        return Optional.empty();
    }

    private static Optional<String> putBits(ByteBuffer out, DType dtype, String word) {
        var bits = integer(word).orElseThrow();
        int width = 8 * dtype.sizeBytes();
        if (bits.signum() < 0 || bits.bitLength() > width) {
            return Optional.of("need a bit pattern of at most " + width + " bits");
        }
        if (dtype == DType.FP16) {
            out.putShort(bits.shortValue());
        } else {
            out.putInt(bits.intValue());
        }
        return Optional.empty();
    }

    /**
     * The value of a float literal before rounding to its type: attributes keep what was written.
     *
     * @param word one that {@link #put} takes
     */
    static double unrounded(DType dtype, String word) {
        return real(word)
                .orElseGet(
                        () -> {
                            int bits = integer(word).orElseThrow().intValue();
                            return dtype == DType.FP16
                                    ? Half.toDouble((short) bits)
                                    : Float.intBitsToFloat(bits);
                        });
    }

    /** Whether a float literal would read {@code word} as bits. */
    static boolean isPattern(String word) {
        return HEX_INT.matcher(word).matches();
    }

    /** A decimal or hex integer. */
    static Optional<BigInteger> integer(String word) {
        if (DECIMAL_INT.matcher(word).matches()) {
            return Optional.of(new BigInteger(word));
        }
        if (HEX_INT.matcher(word).matches()) {
            return Optional.of(new BigInteger(word.replaceFirst("0[xX]", ""), 16));
        }
        return Optional.empty();
    }

    /** A decimal or hex float, {@code inf} or {@code nan}. */
    private static Optional<Double> real(String word) {
        switch (word) {
            case "inf":
                return Optional.of(Double.POSITIVE_INFINITY);
            case "-inf":
                return Optional.of(Double.NEGATIVE_INFINITY);
            case "nan", "-nan":
                return Optional.of(Double.NaN);
            default:
                boolean known =
                        DECIMAL.matcher(word).matches() || HEX_FLOAT.matcher(word).matches();
                return known ? Optional.of(Double.parseDouble(word)) : Optional.empty();
        }
    }
}
