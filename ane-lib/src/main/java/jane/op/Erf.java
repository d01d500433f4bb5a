package jane.op;

/**
 * The error function in double, to about 1e-15: its Taylor series near 0, a continued fraction for
 * the tail. Source: Abramowitz and Stegun 7.1.6 and 7.1.14.
 */
final class Erf {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    private Erf() {}

    static double erf(double x) {
        double a = Math.abs(x);
        if (!(a < 3)) {
            return Double.isNaN(x) ? x : Math.signum(x) * (1 - tail(a));
        }
        // erf x = 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (1 3 5 ... (2n+1)): no cancellation
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
    }

    /** {@code erfc(x)} for x >= 3 by the continued fraction, evaluated from its far end. */
    private static double tail(double x) {
        if (x > 27) {
            return 0;
        }
        double fraction = x;
        for (int k = 60; k >= 1; k--) {
            fraction = x + k / 2.0 / fraction;
        }
        return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
    }
}
