package jane.notebook.magics.view;

import jane.mil.Program;
import jane.notebook.Display;
import jane.notebook.chart.HtmlTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * MIL text made short for reading: short constants stand where they are used, hex floats are
 * decimal, and the name that MIL repeats for each statement is left out. It is not a program:
 * {@link ProgramView} shows that.
 */
public final class ProgramSketch {
    private static final int SHORT = 24;
    private static final Pattern CONSTANT =
            Pattern.compile(
                    "\\s*(?:tensor<.*?>|\\w+) (?<name>\\w+) = const\\(\\)\\[name ="
                        + " string\\(\"\\w+\"\\), val = (?:tensor<.*?>|\\w+)\\((?<value>.*)\\)];");
    private static final Pattern NAME = Pattern.compile("\\[name = string\\(\"\\w+\"\\)];$");
    private static final Pattern ARGUMENT = Pattern.compile("(?<== )(\\w+)(?=[,)])");
    private static final Pattern HEX = Pattern.compile("-?0x[0-9a-fA-F.]+p[+-]?\\d+");
    private static final Pattern STATEMENT =
            Pattern.compile("(\\s*)((?:tensor&lt;.*?&gt;|\\w+)) (\\w+) = (\\w+)\\((.*)");

    private ProgramSketch() {}

    /** The statements of {@code program}, shortened. */
    public static Display of(Program program) {
        var all = program.text().lines().toList();
        var lines = lines(all);
        var text = new StringBuilder();
        var html = new StringBuilder("<pre>");
        for (var line : lines) {
            text.append(line).append('\n');
            html.append(
                            STATEMENT
                                    .matcher(HtmlTable.escape(line))
                                    .replaceFirst("$1<i>$2</i> $3 = <b>$4</b>($5"))
                    .append('\n');
        }
        var end =
                String.format(
                        Locale.ROOT,
                        "shortened for reading; the program itself has %,d lines: %%mil without"
                                + " --brief",
                        all.size());
        return Display.text(text + end).html(html + "</pre><p>" + end + "</p>");
    }

    private static List<String> lines(List<String> all) {
        Map<String, String> values = new HashMap<>();
        var lines = new ArrayList<String>();
        for (var line : all) {
            var constant = CONSTANT.matcher(line);
            if (constant.matches() && constant.group("value").length() <= SHORT) {
                values.put(constant.group("name"), decimal(constant.group("value")));
            } else if (!line.startsWith("[buildInfo")) {
                lines.add(shortened(line, values));
            }
        }
        return lines;
    }

    private static String decimal(String value) {
        return HEX.matcher(value)
                .replaceAll(hex -> String.valueOf((float) Double.parseDouble(hex.group())));
    }

    private static String shortened(String line, Map<String, String> values) {
        return ARGUMENT.matcher(NAME.matcher(line).replaceFirst(";"))
                .replaceAll(use -> values.getOrDefault(use.group(1), use.group(1)));
    }
}
