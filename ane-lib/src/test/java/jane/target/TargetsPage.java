package jane.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The generated parts of {@code docs/targets.md}, each between {@code <!-- begin name -->} and
 * {@code <!-- end name -->}. Run it from the project's root to write them anew.
 */
final class TargetsPage {
    static final String FILE = "docs/targets.md";

    private TargetsPage() {}

    public static void main(String[] args) throws IOException {
        var file = Path.of(FILE);
        Files.writeString(file, filled(Files.readString(file)));
    }

    /** The page with every part as the code has it. */
    static String filled(String page) {
        String text = page;
        for (var part : parts().entrySet()) {
            String begin = "<!-- begin " + part.getKey() + " -->\n";
            String end = "<!-- end " + part.getKey() + " -->";
            int from = text.indexOf(begin);
            int to = text.indexOf(end);
            if (from < 0 || to < from) {
                throw new IllegalStateException(FILE + " has no part " + part.getKey());
            }
            text = text.substring(0, from + begin.length()) + part.getValue() + text.substring(to);
        }
        return text;
    }

    private static Map<String, String> parts() {
        var parts = new LinkedHashMap<String, String>();
        parts.put("chips", chips());
        parts.put("limits", limits());
        parts.put("rules", rules());
        parts.put("written off", writtenOff());
        parts.put("ops", ops());
        parts.put("constants", constants());
        parts.put("errors", errors());
        return parts;
    }

    private static String table(List<String> head, List<List<String>> rows) {
        var text = new StringBuilder();
        text.append(row(head)).append("|").append(" --- |".repeat(head.size())).append("\n");
        rows.forEach(r -> text.append(row(r)));
        return text.toString();
    }

    private static String row(List<String> cells) {
        return cells.stream()
                .map(c -> " " + c.replace("|", "\\|") + " |")
                .collect(Collectors.joining("", "|", "\n"));
    }

    private static String chips() {
        var rows = new ArrayList<List<String>>();
        for (var c : Chip.ALL) {
            rows.add(
                    List.of(
                            "`" + c.name() + "`",
                            c.title(),
                            c.hardware(),
                            c.family().name(),
                            c.firstOs() + ""));
        }
        return table(List.of("name", "chip", "compiler's name", "family", "first macOS"), rows);
    }

    private static String limits() {
        var rows = new ArrayList<List<String>>();
        for (var limit : Limit.values()) {
            var cells = new ArrayList<>(List.of(limit.meaning()));
            for (var family : Family.values()) {
                cells.add(limit.of(family) + "");
            }
            cells.add(limit.smallest() + "");
            cells.add(limit.source());
            rows.add(cells);
        }
        return table(
                List.of(
                        "limit",
                        "A13 (M1)",
                        "A14 (M2)",
                        "A15 (M3)",
                        "A16 (M4, M5)",
                        "strict",
                        "source"),
                rows);
    }

    private static String rules() {
        var text = new StringBuilder();
        text.append(RuleBook.ALL.size()).append(" rules.\n");
        for (var group : Group.values()) {
            var rows = new ArrayList<List<String>>();
            for (var rule : RuleBook.ALL) {
                if (rule.group() == group) {
                    rows.add(rule(rule));
                }
            }
            var head = new ArrayList<>(List.of("id", "rule"));
            head.addAll(List.of("M1", "M2", "M3", "M4, M5", "strict", "where", "if broken"));
            head.addAll(List.of("remedy", "stands for", "source"));
            text.append("\n### ").append(group.title()).append("\n\n").append(table(head, rows));
        }
        return text.toString();
    }

    private static List<String> rule(Rule rule) {
        var cells = new ArrayList<>(List.of(rule.id(), rule.summary()));
        for (var family : Family.values()) {
            cells.add(rule.applies().severity(family).map(Severity::word).orElse("-"));
        }
        cells.add(rule.applies().strictSeverity().word());
        cells.add(rule.applies().range());
        cells.add(rule.effect().words());
        cells.add(rule.remedy());
        cells.add(String.join(", ", rule.covers()));
        cells.add(rule.source());
        return cells;
    }

    private static String writtenOff() {
        var rows = new ArrayList<List<String>>();
        WrittenOff.ALL.forEach(w -> rows.add(List.of(w.id(), w.what(), w.reason())));
        return table(List.of("entry", "says", "why there is no rule"), rows);
    }

    private static String ops() {
        var text = new StringBuilder();
        for (var word : OpTable.Word.values()) {
            var names = new ArrayList<String>();
            for (var row : OpTable.all()) {
                if (row.word() == word) {
                    String from = row.from() == Family.A13 ? "" : " from " + row.from().chips();
                    String opset = row.opset() == 15 ? "" : " ios" + row.opset();
                    names.add(
                            "`"
                                    + row.op()
                                    + "`"
                                    + (from + opset).replaceFirst("^ ", " (")
                                    + (from.isEmpty() && opset.isEmpty() ? "" : ")"));
                }
            }
            text.append("**").append(word.name().toLowerCase(Locale.ROOT)).append("**: ");
            text.append(String.join(", ", names)).append(".\n\n");
        }
        return text.toString();
    }

    private static String constants() {
        var text = new StringBuilder();
        for (String chip : List.of("m1", "m2", "m3", "m4", "m5", "m5-pro")) {
            var rows = new ArrayList<List<String>>();
            for (var c : Target.named(chip).cost().constants()) {
                rows.add(
                        List.of(
                                c.quantity().meaning(),
                                String.format(Locale.ROOT, "%.4g", c.value()),
                                c.quantity().unit(),
                                c.source()));
            }
            text.append("\n### `").append(chip).append("`\n\n");
            text.append(table(List.of("quantity", "value", "unit", "source"), rows));
        }
        return text.toString();
    }

    private static String errors() {
        var rows = new ArrayList<List<String>>();
        for (var row : CostRows.ALL) {
            double predicted = Target.named(row.chip()).cost().of(row.graph()).micros();
            rows.add(
                    List.of(
                            row.chip(),
                            row.name(),
                            String.format(Locale.ROOT, "%.0f", row.micros()),
                            String.format(Locale.ROOT, "%.0f", predicted),
                            String.format(
                                    Locale.ROOT,
                                    "%+.0f %%",
                                    100 * (predicted / row.micros() - 1))));
        }
        var medians = new StringBuilder();
        for (var family : Family.values()) {
            medians.append(
                    String.format(
                            Locale.ROOT,
                            "%s %s: median %.0f %%. ",
                            family,
                            "(" + family.chips() + ")",
                            CostRows.medianPercent(family)));
        }
        return medians.toString().strip()
                + "\n\n"
                + table(List.of("chip", "workload", "measured us", "predicted us", "error"), rows);
    }
}
