package jane.notebook.chart;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import jane.notebook.Display;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A graph as boxes and arrows, from inputs at the top to outputs at the bottom. Forward and
 * backward part, inputs and parameters are told apart by colour; a box names the op and the shape
 * it makes; scalar constants stand in the box that uses them. An input that is read far apart is
 * drawn once for each place. Above 40 boxes, runs of elementwise ops become one box; above 150
 * there is no picture, only the listing.
 */
public final class GraphPicture implements Picture {
    static final int MERGE_ABOVE = 40;
    static final int MOST_BOXES = 150;

    private final Graph graph;
    private String title = "";
    private Predicate<Value> forward = value -> true;
    private Set<String> parameters = Set.of();

    private GraphPicture(Graph graph) {
        this.graph = graph;
    }

    /** A picture of this graph. */
    public static GraphPicture of(Graph graph) {
        return new GraphPicture(graph);
    }

    /** The line above the picture. */
    public GraphPicture title(String text) {
        title = text;
        return this;
    }

    /** Says which values belong to the forward part; all do unless said. */
    public GraphPicture forward(Predicate<Value> isForward) {
        forward = isForward;
        return this;
    }

    /** Names the inputs that are parameters. */
    public GraphPicture parameters(Set<String> names) {
        parameters = Set.copyOf(names);
        return this;
    }

    private GraphBoxes boxes() {
        var boxes = GraphBoxes.of(graph, forward, parameters, false);
        return boxes.ops() > MERGE_ABOVE ? GraphBoxes.of(graph, forward, parameters, true) : boxes;
    }

    /**
     * {@inheritDoc}
     *
     * @throws JaneException if even with elementwise runs merged there are too many boxes
     */
    @Override
    public byte[] png() {
        var boxes = boxes();
        if (boxes.all().isEmpty()) {
            throw new JaneException("chart", "nothing to draw: the graph has no inputs and no ops");
        }
        if (boxes.all().size() > MOST_BOXES) {
            throw new JaneException("chart", "%s", tooMany(boxes));
        }
        return new GraphPainter(title, boxes).png();
    }

    private String tooMany(GraphBoxes boxes) {
        return boxes.all().size()
                + " boxes, elementwise ops merged; a picture holds "
                + MOST_BOXES
                + ": draw one layer of the model, or the forward part alone";
    }

    @Override
    public Display display() {
        var boxes = boxes();
        return boxes.all().size() > MOST_BOXES
                ? Display.text(text() + "\n(no picture: " + tooMany(boxes) + ")")
                : Picture.super.display();
    }

    @Override
    public String alt() {
        var listing = new GraphListing(graph, forward, parameters);
        return "Graph" + (title.isEmpty() ? "" : " \"" + title + "\"") + ": " + listing.sentence();
    }

    @Override
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(alt());
        lines.addAll(new GraphListing(graph, forward, parameters).lines());
        return String.join("\n", lines);
    }
}
