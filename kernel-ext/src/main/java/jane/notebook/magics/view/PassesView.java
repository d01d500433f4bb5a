package jane.notebook.magics.view;

import jane.compile.Passes;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Value;
import jane.notebook.Display;
import jane.notebook.chart.HtmlTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What each pass makes of a graph. */
public final class PassesView {
    private static final int MOST_LINES = 400;

    private PassesView() {}

    /** A row for each pass: ops before and after, which came and went, and why it stands there. */
    public static HtmlTable table(List<Passes.Taken> trail) {
        var table = HtmlTable.of("pass", "ops before", "after", "changed", "why here");
        for (var taken : trail) {
            var before = counts(taken.before());
            var after = counts(taken.after());
            table.row(
                    taken.pass().name(),
                    sum(before),
                    sum(after),
                    changed(before, after),
                    taken.pass().reason());
        }
        return table.caption("Passes in their order; constants are not counted");
    }

    /** The table, and the graph before the first pass and after each that changed it. */
    public static Display verbose(List<Passes.Taken> trail) {
        var table = table(trail).display();
        var text = new StringBuilder();
        if (!trail.isEmpty()) {
            text.append("\n\n-- before\n").append(listing(trail.get(0).before()));
        }
        for (var taken : trail) {
            var after = listing(taken.after());
            text.append("\n-- after ").append(taken.pass().name()).append('\n');
            text.append(after.equals(listing(taken.before())) ? "the same\n" : after);
        }
        var html = table.data().get("text/html");
        return Display.text(table + text.toString())
                .html(html + "<pre>" + HtmlTable.escape(text.toString()) + "</pre>");
    }

    private static Map<String, Integer> counts(Graph graph) {
        var counts = new TreeMap<String, Integer>();
        for (var node : graph.nodes()) {
            if (!node.out().isConst()) {
                counts.merge(node.op().name(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(n -> n).sum();
    }

    private static String changed(Map<String, Integer> before, Map<String, Integer> after) {
        var difference = new TreeMap<>(after);
        before.forEach((op, n) -> difference.merge(op, -n, Integer::sum));
        var words = new StringJoiner(", ");
        difference.forEach(
                (op, n) -> {
                    if (n != 0) {
                        words.add((n > 0 ? "+" : "") + n + " " + op);
                    }
                });
        return words.toString();
    }

    /** A line for each op. */
    private static String listing(Graph graph) {
        var names = new HashMap<Value, String>(); // values compare by identity
        graph.inputs().forEach(p -> names.put(p.value(), p.name()));
        var lines = new StringBuilder();
        int line = 0;
        for (var node : graph.nodes()) {
            for (var out : node.outputs()) {
                names.putIfAbsent(out, node.out().isConst() ? constant(out) : "v" + names.size());
            }
            if (node.out().isConst() || line++ >= MOST_LINES) {
                continue;
            }
            var in = node.inputs().stream().map(names::get).collect(Collectors.joining(", "));
            lines.append(names.get(node.out())).append(" = ").append(node.op().name());
            lines.append('(').append(in).append(") ").append(node.out().type()).append('\n');
        }
        if (line > MOST_LINES) {
            lines.append("... ").append(line - MOST_LINES).append(" more\n");
        }
        for (var port : graph.outputs()) {
            lines.append(port.name()).append(" = ").append(names.get(port.value())).append('\n');
        }
        return lines.toString();
    }

    private static String constant(Value v) {
        return Leaf.data(v).toString();
    }
}
