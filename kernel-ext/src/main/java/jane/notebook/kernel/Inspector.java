package jane.notebook.kernel;

import jane.notebook.magic.MagicRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What Shift-Tab shows: a method's or type's signature and Javadoc, a magic's help. */
final class Inspector {
    private static final Pattern MAGIC = Pattern.compile("(?:^|.*=)\\s*%%?(\\w+).*");
    private static final int MAX_OVERLOADS = 12;

    private final JavaSession session;
    private final MagicRegistry magics;

    Inspector(JavaSession session, MagicRegistry magics) {
        this.session = session;
        this.magics = magics;
    }

    /** The text for what stands at the cursor; empty if nothing is known of it. */
    Optional<String> inspect(String cell, int cursor) {
        int at = Math.max(0, Math.min(cursor, cell.length()));
        int lineStart = cell.lastIndexOf('\n', at - 1) + 1;
        int lineEnd = cell.indexOf('\n', at) < 0 ? cell.length() : cell.indexOf('\n', at);
        Matcher magic = MAGIC.matcher(cell.substring(lineStart, lineEnd));
        if (magic.matches() && magics.find(magic.group(1)).isPresent()) {
            return Optional.of(magics.help(magic.group(1)));
        }
        int end = at;
        while (end < cell.length() && Character.isJavaIdentifierPart(cell.charAt(end))) {
            end++;
        }
        return java(cell.substring(0, end));
    }

    private Optional<String> java(String before) {
        String code = lastSnippet(before);
        boolean word =
                !code.isEmpty() && Character.isJavaIdentifierPart(code.charAt(code.length() - 1));
        List<Documentation> found = documentation(code);
        if (word && found.isEmpty()) {
            found = documentation(code + "(");
        }
        if (!word && found.isEmpty() && code.endsWith("(")) {
            found = documentation(code.substring(0, code.length() - 1));
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Documentation one : found.subList(0, Math.min(found.size(), MAX_OVERLOADS))) {
            Optional<String> comment =
                    Optional.ofNullable(one.javadoc()).or(() -> ShippedJavadoc.of(one.signature()));
            String javadoc = comment.map(JavadocText::plain).orElse("");
            texts.add(javadoc.isEmpty() ? one.signature() : one.signature() + "\n\n" + javadoc);
        }
        return Optional.of(String.join("\n\n", texts));
    }

    private List<Documentation> documentation(String code) {
        return session.analysis().documentation(code, code.length(), true);
    }

    /** What stands after the last complete statement. */
    private String lastSnippet(String before) {
        String rest = before;
        while (true) {
            var info = session.analysis().analyzeCompletion(rest);
            if (!info.completeness().isComplete() || info.remaining().isBlank()) {
                return rest;
            }
            rest = info.remaining();
        }
    }
}
