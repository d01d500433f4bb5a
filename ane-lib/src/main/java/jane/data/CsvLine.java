package jane.data;

import jane.ir.DataException;
import java.util.ArrayList;
import java.util.List;

/** Cuts one line of CSV into its cells (RFC 4180). */
final class CsvLine {
    private CsvLine() {}

    /**
     * The cells.
     *
     * @param where named in errors
     */
    static List<String> split(String where, String line, char separator) {
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        boolean closed = false; // a quoted cell that has ended
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted) {
                boolean doubled = c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
                i += doubled ? 1 : 0;
                closed = c == '"' && !doubled;
                quoted = !closed;
                if (!closed) {
                    cell.append(c);
                }
            } else if (c == separator) {
                cells.add(cell.toString());
                cell.setLength(0);
                closed = false;
            } else if (c == '"' && cell.toString().isBlank() && !closed) {
                quoted = true;
                cell.setLength(0);
            } else if (!closed || !Character.isWhitespace(c)) {
                if (closed || c == '"') {
                    throw new DataException(
                            where,
                            "character %d: '%s' %s; need quotes around the whole cell, and a quote"
                                    + " inside doubled",
                            i + 1,
                            c,
                            closed ? "after a closing quote" : "inside a cell");
                }
                cell.append(c);
            }
        }
        if (quoted) {
            throw new DataException(
                    where, "a quote is opened and not closed; need both on one line");
        }
        cells.add(cell.toString());
        return cells;
    }
}
