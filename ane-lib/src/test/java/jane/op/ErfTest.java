package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErfTest {
    /**
     * As the tables have it (Abramowitz and Stegun 7.1 to ten digits), with the digits of a double
     * from the power series 7.1.5 in 60-digit decimals.
     */
    private static final double[][] PUBLISHED = {
        {0.02, 0.022564574691844946},
        {0.1, 0.1124629160182849},
        {0.5, 0.5204998778130465},
        {1.0, 0.8427007929497149},
        {1.5, 0.9661051464753108},
        {2.0, 0.9953222650189527},
        {2.5, 0.999593047982555},
        {2.999, 0.9999777698314002},
        {3.0, 0.9999779095030014},
        {3.001, 0.9999780483390822},
        {3.5, 0.9999992569016276},
        {5.0, 0.9999999999984626},
    };

    @Test
    void agreesWithPublishedValues() {
        for (var row : PUBLISHED) {
            assertEquals(row[1], Erf.erf(row[0]), 1e-15, "erf " + row[0]);
            assertEquals(-row[1], Erf.erf(-row[0]), 1e-15, "erf -" + row[0]);
        }
    }

    @Test
    void hasItsLimits() {
        assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, Erf.erf(Double.NEGATIVE_INFINITY));
        assertEquals(1, Erf.erf(1e300));
        assertEquals(Double.NaN, Erf.erf(Double.NaN));
        assertEquals(0.0, Erf.erf(0.0));
        assertEquals(-0.0, Erf.erf(-0.0));
    }

    @Test
    void isSmoothWhereSeriesMeetsFraction() {
        double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-9);
        double h = 1e-7;
        assertEquals(2 * h * slope, Erf.erf(3 + h) - Erf.erf(3 - h), 1e-15);
    }

    @Test
    void neverFallsAsXGrows() {
        double before = -1;
        for (double x = -7; x <= 7; x += 0x1p-8) {
            double now = Erf.erf(x);
            // one rounding of the series may go the wrong way
            assertEquals(Math.max(before, now), now, 4e-16, "at " + x);
            before = now;
        }
    }
}
