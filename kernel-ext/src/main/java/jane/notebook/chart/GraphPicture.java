package jane.notebook.chart;

import jane.ir.Graph;
import jane.ir.Value;
import java.util.Set;
import java.util.function.Predicate;

/** A graph drawn in layers. */
public final class GraphPicture implements Picture {
    public static GraphPicture of(Graph graph) { throw new UnsupportedOperationException(); }
    public GraphPicture title(String title) { throw new UnsupportedOperationException(); }
    /** Which values belong to the forward part; all unless said. */
    public GraphPicture forward(Predicate<Value> isForward) { throw new UnsupportedOperationException(); }
    /** Names of the inputs that are parameters. */
    public GraphPicture parameters(Set<String> names) { throw new UnsupportedOperationException(); }
    @Override public byte[] png() { throw new UnsupportedOperationException(); }
    @Override public String alt() { throw new UnsupportedOperationException(); }
    @Override public String text() { throw new UnsupportedOperationException(); }
}
