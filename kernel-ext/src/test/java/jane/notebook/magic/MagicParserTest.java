package jane.notebook.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MagicParserTest {
    /** A magic with two options that take values and one flag. */
    private record Train() implements Magic {
        @Override
        public String name() {
            return "train";
        }

        @Override
        public String summary() {
            return "Trains.";
        }

        @Override
        public List<Option> options() {
            return List.of(
                    new Option("epochs", "N", "how many"),
                    new Option("title", "TEXT", "above the chart"),
                    new Option("quiet", "", "no chart"));
        }

        @Override
        public Optional<Object> run(Call call) {
            return Optional.of(call);
        }
    }

    private static Magic.Call parse(String line) {
        return MagicParser.parse(new Train(), line, "", false);
    }

    private static String refusal(String line) {
        return assertThrows(JaneException.class, () -> parse(line)).getMessage();
    }

    @Test
    void takesWordsAndEveryFormOfAnOption() {
        for (var form :
                List.of("epochs=3", "--epochs=3", "--epochs 3", "-epochs 3", "-e 3", "-epochs=3")) {
            var call = parse("trainer " + form + " 5");
            assertEquals(List.of("trainer", "5"), call.words(), form);
            assertEquals(Map.of("epochs", "3"), call.options(), form);
        }
    }

    @Test
    void takesFlagsWithoutAValue() {
        var call = parse("--quiet trainer");
        assertEquals(Map.of("quiet", "true"), call.options());
        assertEquals(List.of("trainer"), call.words());
    }

    @Test
    void keepsSpacesInBothKindsOfQuotes() {
        assertEquals(
                List.of("two words", "it's", "a\"b"),
                parse("'two words' \"it's\" \"a\\\"b\"").words());
        assertEquals("first run", parse("title='first run'").option("title", ""));
    }

    @Test
    void keepsBackslashesThatEscapeNothing() {
        assertEquals(List.of("C:\\data\\x", "\\d+"), parse("C:\\data\\x '\\d+'").words());
    }

    @Test
    void takesNegativeNumbersAndWhatFollowsTwoDashesAsWords() {
        assertEquals(
                List.of("-3", "-.5", "--quiet", "a=b"), parse("-3 -.5 -- --quiet a=b").words());
    }

    @Test
    void takesQuotedTextAndALoneEqualsSignAsWords() {
        assertEquals(List.of("epochs=3", "x", "=", "1"), parse("'epochs=3' x = 1").words());
    }

    @Test
    void refusesAnUnknownOptionAndNamesTheNearest() {
        assertEquals(
                "[%train] unknown option epocs=3 (did you mean epochs?);"
                        + " need one of [epochs, title, quiet]",
                refusal("epocs=3"));
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        assertEquals(
                "[%train] option --epochs has no value; need --epochs N", refusal("t --epochs"));
    }

    @Test
    void refusesAnOptionGivenTwice() {
        assertEquals(
                "[%train] option epochs is given twice, the second time as -e; need it once",
                refusal("epochs=1 -e 2"));
    }

    @Test
    void refusesAnOpenQuote() {
        assertEquals(
                "[%train] a quote is not closed: ' opened at column 7 of \"title='a b\";"
                        + " need the closing '",
                refusal("title='a b"));
    }
}
