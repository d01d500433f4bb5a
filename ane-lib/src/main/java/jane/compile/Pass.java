package jane.compile;

import jane.ir.Graph;

/** A step from one graph to an equal one. */
public interface Pass {
    /** What it is called where passes are listed. */
    String name();

    /** Why it stands where it stands in the list. */
    String reason();

    /** The rewritten graph; the given one is unchanged. */
    Graph apply(Graph graph);
}
