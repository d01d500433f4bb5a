package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "3, 3",
        "-12, -12",
        "2.302585, 2.303",
        "0.0781234, 0.07812",
        "0.00012346, 0.0001235",
        "0.000012346, 1.235e-05",
        "-1.5e-12, -1.5e-12",
        "1.5e-123, 1.5e-123",
        "123456.7, 123500",
        "12345678, 1.235e+07",
        "9999.96, 10000",
        "NaN, –",
        "Infinity, inf",
        "-Infinity, -inf"
    })
    void fourDigitsAreEnough(double x, String text) {
        assertEquals(text, Figures.of(x));
    }

    @Test
    void sharesArePercentWithATenthNearTheEnds() {
        assertEquals("0%", Figures.percent(0));
        assertEquals("0.5%", Figures.percent(0.005));
        assertEquals("45%", Figures.percent(0.45));
        assertEquals("99.5%", Figures.percent(0.995));
        assertEquals("100%", Figures.percent(1));
        assertEquals("–", Figures.percent(Double.NaN));
    }

    @Test
    void countsAreGrouped() {
        assertEquals("1,234,567", Figures.count(1_234_567));
    }
}
