package jane.conform;

import jane.compile.Pass;
import jane.compile.Passes;
import jane.ir.Graph;
import jane.ir.Node;
import jane.mil.MilParser;
import jane.mil.MilPrinter;
import jane.mil.Program;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What stands between a graph and an engine, each step of which is under test.
 *
 * @param node what the generator makes of each node it draws: the node
 * @param passes all rewrites
 * @param print the printer
 * @param parse the parser
 */
record Toolchain(
        UnaryOperator<Node<?>> node,
        UnaryOperator<Graph> passes,
        Function<Graph, Program> print,
        Function<Program, Graph> parse) {
    /** Without these MIL has no words for a graph. */
    private static final Set<String> NEEDED = Set.of("lower composites", "separate outputs");

    /** Jane's own. */
    static final Toolchain JANE =
            new Toolchain(n -> n, Passes::run, MilPrinter::print, MilParser::parse);

    /** {@code graph} in words of MIL, otherwise as it is. */
    static Graph spelled(Graph graph) {
        for (Pass pass : Passes.DEFAULT) {
            graph = NEEDED.contains(pass.name()) ? pass.apply(graph) : graph;
        }
        return graph;
    }
}
