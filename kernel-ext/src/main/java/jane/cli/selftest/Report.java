package jane.cli.selftest;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A self-test's outcome, made to be attached to an issue: no user, host or file names are in it but
 * those that error texts quote, and of these not the home folder and the folder for temporary
 * files, which tell the user's name.
 *
 * @param environment machine, system, Java and Jane, by name
 * @param lines in the order in which they were found
 * @param took how long its parts took
 * @param complete false if it was ended before all was looked at
 */
public record Report(
        Map<String, String> environment, List<Line> lines, List<Took> took, boolean complete) {
    /** Name and version of the JSON form; the version changes when a field changes meaning. */
    public static final String SCHEMA = "jane-selftest/1";

    /** A report; its parts are copied. */
    public Report {
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        lines = lines.stream().map(Report::withoutNames).toList();
        took = List.copyOf(took);
    }

    private static Line withoutNames(Line line) {
        return new Line(
                line.section(),
                line.name(),
                line.engine(),
                line.expected(),
                Paths.withoutNames(line.found()),
                line.verdict(),
                line.evidence());
    }

    /** The same with one more fact about the environment. */
    public Report with(String name, String fact) {
        var more = new TreeMap<>(environment);
        more.put(name, fact);
        return new Report(more, lines, took, complete);
    }

    /** Seconds that all parts took. */
    public double seconds() {
        return took.stream().mapToDouble(Took::seconds).sum();
    }

    /** How many lines have this verdict. */
    public long count(Verdict verdict) {
        return lines.stream().filter(l -> l.verdict() == verdict).count();
    }

    /** One line: how many are ok, differ, and are unavailable. */
    public String summary() {
        return "%s%s%d ok, %d differ, %d unavailable"
                .formatted(
                        complete ? "" : "ended before its end: ",
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
        var durations = new JsonArray();
        took.forEach(t -> durations.add(row(t)));
        tree.add("durations", durations);
        tree.addProperty("complete", complete);
        tree.addProperty("summary", summary());
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(tree)
                + "\n";
    }

    private static JsonObject row(Took part) {
        var row = new JsonObject();
        row.addProperty("part", part.part());
        row.addProperty("engine", part.engine());
        row.addProperty("seconds", Math.round(1e3 * part.seconds()) / 1e3);
        return row;
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
        if (!took.isEmpty()) {
            out.append("\n## durations\n\n| part | engine | seconds |\n| --- | --- | ---: |\n");
            took.forEach(t -> row(t.part(), t.engine(), t.seconds(), out));
            row("all", "", seconds(), out);
        }
        return out.toString();
    }

    private static void row(String part, String engine, double seconds, StringBuilder out) {
        out.append(String.format(Locale.ROOT, "| %s | %s | %.1f |%n", part, engine, seconds));
    }

    private static void row(Line line, StringBuilder out) {
        out.append("| ").append(line.verdict()).append(mark(line));
        for (var cell : List.of(line.name(), line.engine(), line.expected(), line.found())) {
            out.append(" | ").append(inCell(cell));
        }
        out.append(" |\n");
    }

    /** In one line, and so that types and calls in error texts are neither HTML nor markup. */
    private static String inCell(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("[\\\\|`*_~\\[\\]]", "\\\\$0")
                .replaceAll("\\s+", " ");
    }

    private static String mark(Line line) {
        var mark = line.evidence().mark();
        return mark.isEmpty() ? "" : ", " + mark;
    }
}
