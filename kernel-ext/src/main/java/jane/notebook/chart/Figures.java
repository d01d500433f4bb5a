package jane.notebook.chart;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as short text for people. */
final class Figures {
    private Figures() {}

    /**
     * Four significant digits, as {@code 0.07812}, {@code 1.235e-07}; whole numbers as they are.
     */
    static String of(double x) {
        return of(x, 4);
    }

    static String of(double x, int digits) {
        if (Double.isNaN(x)) {
            return "–";
        }
        if (Double.isInfinite(x)) {
            return x > 0 ? "inf" : "-inf";
        }
        if (x == Math.rint(x) && Math.abs(x) < 1e7) {
            return Long.toString((long) x);
        }
        var rounded = new BigDecimal(x).round(new MathContext(digits));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < 7) {
            return stripped(rounded);
        }
        return stripped(rounded.movePointLeft(exponent))
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static String stripped(BigDecimal x) {
        return x.stripTrailingZeros().toPlainString();
    }

    /** {@code 12,345}. */
    static String count(long n) {
        return String.format(java.util.Locale.ROOT, "%,d", n);
    }

    /** {@code 12.3%}; a dash for NaN. */
    static String percent(double share) {
        if (Double.isNaN(share)) {
            return "–";
        }
        double percent = share * 100;
        boolean fine = percent != 0 && percent != 100 && (percent < 10 || percent > 99);
        return String.format(java.util.Locale.ROOT, fine ? "%.1f%%" : "%.0f%%", percent);
    }
}
