package jane.conform;

import jane.ir.Dense;
import jane.ir.Graph;
import java.util.Map;

/**
 * A graph and what to feed it.
 *
 * @param style how it was drawn, which says how results are judged
 */
record Sketch(Style style, Graph graph, Map<String, Dense> feeds) {
    /** The same style on another graph. */
    Sketch with(Graph other, Map<String, Dense> values) {
        return new Sketch(style, other, values);
    }
}
