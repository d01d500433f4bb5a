package jane.notebook.chart;

import jane.ir.JaneException;
import jane.notebook.Display;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table as plain HTML, without style sheets, classes or ids, so that it survives on a page that
 * strips them; and the same as aligned text. Cells are escaped. Columns whose cells are all numbers
 * are aligned to the right.
 *
 * <pre>{@code
 * HtmlTable.of("layer", "shape", "parameters").row("0.conv", "[32, 8, 28, 28]", 80).display();
 * }</pre>
 */
public final class HtmlTable {
    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> words = new HashSet<>();
    private String caption = "";
    private List<String> foot = List.of();

    private HtmlTable(List<String> heads) {
        this.heads = heads;
    }

    /** An empty table with these column heads. */
    public static HtmlTable of(String... heads) {
        return of(List.of(heads));
    }

    /** An empty table with these column heads. */
    public static HtmlTable of(List<String> heads) {
        if (heads.isEmpty()) {
            throw new JaneException("table", "no columns; need one or more");
        }
        return new HtmlTable(List.copyOf(heads));
    }

    /** A line above the table. */
    public HtmlTable caption(String text) {
        caption = text;
        return this;
    }

    /** Adds a row: floating-point cells get four significant digits, NaN is a dash. */
    public HtmlTable row(Object... cells) {
        rows.add(strings(cells));
        for (int i = 0; i < cells.length; i++) {
            if (!(cells[i] instanceof Number)) {
                words.add(i);
            }
        }
        return this;
    }

    /** Adds rows of text. */
    public HtmlTable rows(List<? extends List<?>> more) {
        more.forEach(cells -> row(cells.toArray()));
        return this;
    }

    /** The last row, set apart, such as totals. */
    public HtmlTable foot(Object... cells) {
        foot = strings(cells);
        return this;
    }

    private List<String> strings(Object[] cells) {
        if (cells.length != heads.size()) {
            throw new JaneException(
                    "table",
                    "a row of %d cells under the %d heads %s; need as many cells as heads",
                    cells.length,
                    heads.size(),
                    heads);
        }
        var out = new ArrayList<String>(cells.length);
        for (var cell : cells) {
            out.add(
                    cell instanceof Double || cell instanceof Float
                            ? Figures.of(((Number) cell).doubleValue())
                            : String.valueOf(cell));
        }
        return out;
    }

    private boolean right(int column) {
        return !rows.isEmpty() && !words.contains(column);
    }

    /** The table as HTML. */
    public String html() {
        var out = new StringBuilder("<table>");
        if (!caption.isEmpty()) {
            out.append("<caption>").append(escape(caption)).append("</caption>");
        }
        out.append("\n<thead>");
        htmlRow(out, heads, "th");
        out.append("</thead>\n<tbody>");
        rows.forEach(row -> htmlRow(out, row, "td"));
        out.append("</tbody>");
        if (!foot.isEmpty()) {
            out.append("\n<tfoot>");
            htmlRow(out, foot, "th");
            out.append("</tfoot>");
        }
        return out.append("\n</table>").toString();
    }

    private void htmlRow(StringBuilder out, List<String> cells, String tag) {
        out.append("\n<tr>");
        for (int i = 0; i < cells.size(); i++) {
            out.append('<').append(tag).append(right(i) ? " align=\"right\">" : " align=\"left\">");
            out.append(escape(cells.get(i)).replace("\n", "<br>"));
            out.append("</").append(tag).append('>');
        }
        out.append("</tr>");
    }

    /** {@code text} with the characters that HTML gives a meaning replaced. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The table as text, columns padded with spaces. */
    public String text() {
        var widths = new int[heads.size()];
        var all = new ArrayList<List<String>>(rows);
        all.add(heads);
        if (!foot.isEmpty()) {
            all.add(foot);
        }
        for (var row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], columns(line(row.get(i))));
            }
        }
        var out = new StringBuilder(caption.isEmpty() ? "" : caption + "\n");
        textRow(out, heads, widths);
        var rule = new ArrayList<String>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        textRow(out, rule, widths);
        rows.forEach(row -> textRow(out, row, widths));
        if (!foot.isEmpty()) {
            textRow(out, rule, widths);
            textRow(out, foot, widths);
        }
        return out.toString().stripTrailing();
    }

    private void textRow(StringBuilder out, List<String> cells, int[] widths) {
        var row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            var cell = line(cells.get(i));
            var pad = " ".repeat(widths[i] - columns(cell));
            row.append(i == 0 ? "" : "  ").append(right(i) ? pad + cell : cell + pad);
        }
        out.append(row.toString().stripTrailing()).append('\n');
    }

    private static String line(String cell) {
        return cell.replace('\n', ' ');
    }

    private static int columns(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Both forms. */
    public Display display() {
        return Display.text(text()).html(html());
    }
}
