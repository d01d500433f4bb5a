package jane.notebook.kernel;

import java.util.List;

/**
 * The text of a cell and what people call it.
 *
 * @param label {@code "cell [3]"}, or what else ran the code
 * @param text the cell as typed
 */
record CellSource(String label, String text) {
    /** The cell's line of that number, from 0; empty outside. */
    String line(int number) {
        List<String> lines = text.lines().toList();
        return number >= 0 && number < lines.size() ? lines.get(number) : "";
    }

    /** {@code "cell [3], line 2"} for line number 1. */
    String place(int line) {
        return label + ", line " + (line + 1);
    }
}
