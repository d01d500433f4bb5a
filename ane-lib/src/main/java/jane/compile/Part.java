package jane.compile;

import jane.ir.Graph;

/**
 * What one program computes of a placed graph.
 *
 * @param side where it runs
 * @param graph what it computes; values that cross from part to part are inputs and outputs of one
 *     name. On the in-memory route its program has them packed ({@link Surface}), and only the
 *     program keeps the rules on inputs and outputs
 */
public record Part(Side side, Graph graph) {
    /** Where a part runs. */
    public enum Side {
        /** On the engine that was asked for. */
        DEVICE,
        /** On the processor. */
        HOST
    }
}
