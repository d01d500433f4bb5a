package jane.notebook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.notebook.magic.MagicParser;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WordsTest {
    @Test
    void plainWordsAreJoined() {
        assertEquals(
                "x = randn 2 3 seed=1", Words.line(List.of("x", "=", "randn", "2", "3", "seed=1")));
    }

    @Test
    void valueOfAnOptionIsQuotedAndTheOptionIsNot() {
        assertEquals("title=\"My run\"", Words.line(List.of("title=My run")));
        assertEquals("--title=\"My run\"", Words.line(List.of("--title=My run")));
    }

    @Test
    void wordWithSpacesIsQuoted() {
        assertEquals("\"a b\" c", Words.line(List.of("a b", "c")));
    }

    @Test
    void ourParserFindsTheSameWords() {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            var words = IntStream.range(0, random.nextInt(5)).mapToObj(n -> word(random)).toList();
            assertEquals(words, MagicParser.words(Words.line(words)), "seed 7, case " + i);
        }
    }

    private static String word(Random random) {
        var letters = "ab=-. \t\\x1";
        var word = new StringBuilder();
        for (int length = random.nextInt(6); length >= 0; length--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
