package jane.compile;

import jane.ir.Graph;
import java.util.List;
import java.util.function.UnaryOperator;

/** The passes that every graph takes, in their order. */
public final class Passes {
    private record Named(String name, UnaryOperator<Graph> rewrite) implements Pass {
        @Override
        public Graph apply(Graph graph) {
            return rewrite.apply(graph);
        }
    }

    /** Each with the reason for its place. Dead nodes go by themselves: a graph never holds any. */
    public static final List<Pass> DEFAULT =
            List.of(
                    // first: MIL has no word for composites, and what they hide can be shared
                    new Named("lower composites", LowerComposites::apply),
                    new Named("simplify", Simplify::apply),
                    // after simplify, which makes more nodes equal
                    new Named("share equal nodes", ShareEqual::apply),
                    // last: it adds identities that simplify would take away
                    new Named("separate outputs", SeparateOutputs::apply));

    private Passes() {}

    /** {@code graph} after all default passes. */
    public static Graph run(Graph graph) {
        for (var pass : DEFAULT) {
            graph = pass.apply(graph);
        }
        return graph;
    }
}
