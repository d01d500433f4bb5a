package jane.notebook.host;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes a magic's line again of the words that a host has split it into. */
final class Words {
    private static final Pattern OPTION =
            Pattern.compile("((?:--?)?[A-Za-z_][\\w-]*=)(.*)", Pattern.DOTALL);

    private Words() {}

    /** A line that Jane's own parser splits into the same words. */
    static String line(List<String> words) {
        return words.stream().map(Words::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (!word.isEmpty() && word.chars().noneMatch(Character::isWhitespace)) {
            return word;
        }
        var option = OPTION.matcher(word);
        return option.matches() ? option.group(1) + inQuotes(option.group(2)) : inQuotes(word);
    }

    private static String inQuotes(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
