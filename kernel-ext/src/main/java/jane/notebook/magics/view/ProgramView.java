package jane.notebook.magics.view;

import jane.mil.Program;
import jane.notebook.Display;
import jane.notebook.chart.HtmlTable;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * MIL text with line numbers. The HTML has ops in bold and types in italics: that survives where
 * style sheets are stripped, and reads on dark pages too.
 */
public final class ProgramView {
    private static final int MOST_LINES = 600;
    private static final int LONGEST_LINE = 400;

    /** A statement: indent, result type, result name, op, the rest. */
    private static final Pattern STATEMENT =
            Pattern.compile("(\\s*)((?:tensor&lt;.*?&gt;|\\w+)) (\\w+) = (\\w+)\\((.*)");

    private static final Pattern OP = Pattern.compile("^\\s+.* = \\w+\\(");

    private ProgramView() {}

    /** Text and HTML of {@code program}. */
    public static Display of(Program program) {
        var lines = program.text().lines().toList();
        var shown = lines.subList(0, Math.min(lines.size(), MOST_LINES));
        var text = new StringBuilder();
        var html = new StringBuilder("<pre>");
        int width = Integer.toString(shown.size()).length();
        for (int i = 0; i < shown.size(); i++) {
            var number = String.format(Locale.ROOT, "%" + width + "d  ", i + 1);
            var line = cut(shown.get(i));
            text.append(number).append(line).append('\n');
            html.append(number).append(highlight(HtmlTable.escape(line))).append('\n');
        }
        html.append("</pre>");
        var end = end(program, lines, shown.size());
        return Display.text(text + end).html(html + "<p>" + HtmlTable.escape(end) + "</p>");
    }

    private static String cut(String line) {
        return line.length() <= LONGEST_LINE
                ? line
                : line.substring(0, LONGEST_LINE)
                        + " ... "
                        + (line.length() - LONGEST_LINE)
                        + " more characters";
    }

    private static String highlight(String line) {
        var statement = STATEMENT.matcher(line);
        if (!statement.matches()) {
            return line;
        }
        boolean constant = statement.group(4).equals("const");
        return statement.group(1)
                + "<i>"
                + statement.group(2)
                + "</i> "
                + statement.group(3)
                + " = "
                + (constant ? "const" : "<b>" + statement.group(4) + "</b>")
                + "("
                + statement.group(5);
    }

    private static String end(Program program, List<String> lines, int shown) {
        long ops =
                lines.stream().filter(l -> OP.matcher(l).find() && !l.contains("= const(")).count();
        int weights = program.files().values().stream().mapToInt(b -> b.remaining()).sum();
        var more =
                lines.size() > shown
                        ? String.format(
                                Locale.ROOT,
                                "; %,d more lines in program.text()",
                                lines.size() - shown)
                        : "";
        return String.format(
                Locale.ROOT,
                "%,d lines, %,d ops, %,d bytes of weight files%s",
                lines.size(),
                ops,
                weights,
                more);
    }
}
