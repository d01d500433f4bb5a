package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
    private static final List<Finding> MIXED =
            List.of(
                    Finding.ok("java", "Java 17"),
                    Finding.warning("jupyter", "no jupyter", "install it"),
                    Finding.problem("system", "BeOS", "use Linux"));

    @Test
    void onlyAProblemChangesTheExitCode() {
        assertEquals(1, DoctorCommand.exitCode(MIXED));
        assertEquals(0, DoctorCommand.exitCode(MIXED.subList(0, 2)));
    }

    @Test
    void eachFixStandsUnderItsFinding() {
        assertEquals(
                """
                ok       java            Java 17
                warning  jupyter         no jupyter
                                         fix: install it
                problem  system          BeOS
                                         fix: use Linux
                problems: 1, warnings: 1\
                """,
                DoctorCommand.text(MIXED));
    }

    @Test
    void jsonSaysTheSame() {
        var report = JsonParser.parseString(DoctorCommand.json(MIXED)).getAsJsonObject();
        assertEquals(1, report.get("problems").getAsInt());
        assertEquals(1, report.get("warnings").getAsInt());
        assertEquals(
                JsonParser.parseString(
                        """
                        {"subject": "system", "level": "problem", "found": "BeOS",
                         "fix": "use Linux"}\
                        """),
                report.getAsJsonArray("checks").get(2));
    }
}
