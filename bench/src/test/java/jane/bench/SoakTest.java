package jane.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class SoakTest {
    private static List<Double> samples(double start, double slope) {
        return IntStream.range(0, 40).mapToObj(i -> start + slope * i).toList();
    }

    @Test
    void whatGrowsIsNotFlat() {
        var growth = Soak.Growth.of(samples(100, 1));
        assertEquals(119, growth.early());
        assertEquals(139, growth.late());
        assertFalse(growth.flat());
    }

    @Test
    void whatSettlesIsFlat() {
        var start = DoubleStream.of(10, 90, 100, 110, 110).boxed();
        var rest = DoubleStream.generate(() -> 112).limit(35).boxed();
        var growth = Soak.Growth.of(Stream.concat(start, rest).toList());
        assertEquals(0, growth.megabytes());
        assertTrue(growth.flat());
    }

    @Test
    void aFewModelsLeaveNothingBehind() {
        var growth = Soak.run("models", 40);
        assertTrue(growth.early() > 10 && growth.late() > 10, growth::toString);
    }

    @Test
    void tooFewAreRefused() {
        var error = assertThrows(JaneException.class, () -> Soak.run("steps", 39));
        assertEquals("[soak] 39 steps; need 40 or more", error.getMessage());
    }

    @Test
    @Tag("soak")
    void tenThousandStepsAreFlat() {
        var growth = Soak.run("steps", 10_000);
        assertTrue(growth.flat(), growth::toString);
    }

    @Test
    @Tag("soak")
    void aThousandModelsLeaveNothingBehind() {
        var growth = Soak.run("models", 1000);
        assertTrue(growth.flat(), growth::toString);
    }
}
