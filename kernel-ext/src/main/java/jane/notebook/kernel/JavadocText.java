package jane.notebook.kernel;

import java.util.regex.Pattern;

/** Javadoc as plain text: tags worded or dropped, entities resolved. */
final class JavadocText {
    private static final Pattern INLINE = Pattern.compile("\\{@\\w+\\s+([^{}]*)\\}");
    private static final Pattern HTML = Pattern.compile("<[^<>]+>");
    private static final Pattern BLOCK = Pattern.compile("(?m)^\\s*@(\\w+)\\s+");

    private JavadocText() {}

    static String plain(String javadoc) {
        String text = javadoc.replaceAll("<(p|br|/p|li|/ul|/pre)\\b[^>]*>", "\n");
        text = HTML.matcher(text).replaceAll("");
        String before;
        do {
            before = text;
            text = INLINE.matcher(text).replaceAll("$1");
        } while (!text.equals(before));
        text = BLOCK.matcher(text).replaceAll("  $1: ");
        text =
                text.replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&quot;", "\"")
                        .replace("&nbsp;", " ")
                        .replace("&amp;", "&");
        return text.replaceAll("[ \\t]+\n", "\n").replaceAll("\n{3,}", "\n\n").strip();
    }
}
