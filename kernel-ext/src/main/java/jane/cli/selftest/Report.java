package jane.cli.selftest;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A self-test's outcome, made to be attached to an issue: no user, host or file names are in it but
 * those that error texts quote.
 *
 * @param environment machine, system, Java and Jane, by name
 * @param lines in the order in which they were found
 */
public record Report(Map<String, String> environment, List<Line> lines) {
    /** Name and version of the JSON form; the version changes when a field changes meaning. */
    public static final String SCHEMA = "jane-selftest/1";

    /** A report; both parts are copied. */
    public Report {
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        lines = lines.stream().map(Report::withoutHome).toList();
    }

    /** Error texts quote paths, and the home folder has the user's name. */
    private static Line withoutHome(Line line) {
        var home = System.getProperty("user.home");
        return home.length() < 2
                ? line
                : new Line(
                        line.section(),
                        line.name(),
                        line.engine(),
                        line.expected(),
                        line.found().replace(home, "~"),
                        line.verdict(),
                        line.evidence());
    }

    /** The same with one more fact about the environment. */
    public Report with(String name, String fact) {
        var more = new TreeMap<>(environment);
        more.put(name, fact);
        return new Report(more, lines);
    }

    /** How many lines have this verdict. */
    public long count(Verdict verdict) {
        return lines.stream().filter(l -> l.verdict() == verdict).count();
    }

    /** One line: how many are ok, differ, and are unavailable. */
    public String summary() {
        return "%s%d ok, %d differ, %d unavailable"
                .formatted(
                        marks(),
                        count(Verdict.OK),
                        count(Verdict.DIFFERS),
                        count(Verdict.UNAVAILABLE));
    }

    /** What the report is of, if no engine in it was hardware. */
    private String marks() {
        boolean hardware =
                lines.stream()
                        .filter(l -> !l.engine().isEmpty())
                        .anyMatch(l -> l.evidence() == Evidence.HARDWARE);
        if (hardware) {
            return "";
        }
        var marks =
                lines.stream().map(l -> l.evidence().mark()).filter(m -> !m.isEmpty()).distinct();
        return marks.collect(Collectors.joining(", ", "", ": "));
    }

    /** The report as JSON. */
    public String json() {
        var tree = new JsonObject();
        tree.addProperty("schema", SCHEMA);
        var about = new JsonObject();
        environment.forEach(about::addProperty);
        tree.add("environment", about);
        var rows = new JsonArray();
        lines.forEach(l -> rows.add(row(l)));
        tree.add("lines", rows);
        tree.addProperty("summary", summary());
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(tree)
                + "\n";
    }

    private static JsonObject row(Line line) {
        var row = new JsonObject();
        row.addProperty("section", line.section());
        row.addProperty("name", line.name());
        row.addProperty("engine", line.engine());
        row.addProperty("expected", line.expected());
        row.addProperty("found", line.found());
        row.addProperty("verdict", line.verdict().toString());
        row.addProperty("evidence", line.evidence().toString());
        return row;
    }

    /** The report as Markdown: a table for each section, all engines in it. */
    public String markdown() {
        var out = new StringBuilder("# Jane self-test\n\n" + summary() + "\n\n");
        environment.forEach(
                (k, v) -> out.append("- ").append(k).append(": ").append(v).append('\n'));
        for (var section : lines.stream().map(Line::section).distinct().toList()) {
            out.append("\n## ").append(section);
            out.append("\n\n| verdict | what | engine | expected | found |\n");
            out.append("| --- | --- | --- | --- | --- |\n");
            lines.stream().filter(l -> l.section().equals(section)).forEach(l -> row(l, out));
        }
        return out.toString();
    }

    private static void row(Line line, StringBuilder out) {
        out.append("| ").append(line.verdict()).append(mark(line));
        for (var cell : List.of(line.name(), line.engine(), line.expected(), line.found())) {
            out.append(" | ").append(inCell(cell));
        }
        out.append(" |\n");
    }

    /** In one line, and so that error texts with types such as {@code tensor<fp16>} are no HTML. */
    private static String inCell(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("|", "\\|")
                .replaceAll("\\s+", " ");
    }

    private static String mark(Line line) {
        var mark = line.evidence().mark();
        return mark.isEmpty() ? "" : ", " + mark;
    }
}
