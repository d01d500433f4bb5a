package jane.compile;

import jane.ir.Graph;
import jane.mil.MilPrinter;
import jane.mil.Program;
import java.util.Map;

/** From a graph to the program an engine takes. */
public final class Lowering {
    private Lowering() {}

    /**
     * Runs the passes and prints the result.
     *
     * @param aliases input name by the output name that may share its buffer
     */
    public static Program program(Graph graph, Map<String, String> aliases) {
        return MilPrinter.print(Passes.run(graph)).withAliases(aliases);
    }
}
