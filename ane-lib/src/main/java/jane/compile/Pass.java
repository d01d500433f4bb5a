package jane.compile;

import jane.ir.Graph;

/** A step from one graph to one that computes the same. */
public interface Pass {
    /** What it is called where passes are listed. */
    String name();

    /** Why it stands where it stands in the list. */
    String reason();

    /**
     * Whether it takes each part that runs on a target, after placement has cut the graph into
     * parts, and gives it the ports of a program; all others take the whole graph and keep its
     * ports.
     */
    default boolean perPart() {
        return false;
    }

    /** The rewritten graph; the given one is unchanged. */
    Graph apply(Graph graph);
}
