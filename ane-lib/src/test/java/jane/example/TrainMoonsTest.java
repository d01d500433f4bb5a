package jane.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrainMoonsTest {
    @Test
    void thePlainProgramTrains() {
        var printed = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            TrainMoons.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        var line = printed.toString(StandardCharsets.UTF_8).strip();
        var matcher = Pattern.compile("loss [\\d.]+, accuracy ([\\d.]+) %").matcher(line);
        assertTrue(matcher.matches(), line);
        assertTrue(Double.parseDouble(matcher.group(1)) > 95, line);
    }
}
