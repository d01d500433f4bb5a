package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.grad.Gradients;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphPictureTest {
    private final Value x = Leaf.input(TensorType.fp32(4, 3));
    private final Value w = Leaf.input(TensorType.fp32(3, 2));
    private final Value y =
            Reductions.sumAll(Elementwise.scale(Activations.tanh(Contraction.matmul(x, w)), 0.5));

    private Graph step() {
        var dw = Gradients.of(y, List.of(w)).get(0);
        return Graph.of(
                List.of(new Graph.Port("x", x), new Graph.Port("w", w)),
                List.of(new Graph.Port("y", y), new Graph.Port("d_w", dw)));
    }

    private GraphPicture picture() {
        var forward = Graph.of(step().inputs(), List.of(new Graph.Port("y", y)));
        Set<Value> values = Collections.newSetFromMap(new IdentityHashMap<>());
        forward.nodes().forEach(node -> values.addAll(node.outputs()));
        return GraphPicture.of(step()).forward(values::contains).parameters(Set.of("w"));
    }

    /** {@code ops} elementwise ops in a row, a matmul after every {@code run} of them. */
    private static Graph chain(int ops, int run) {
        var in = Leaf.input(TensorType.fp32(8, 8));
        var value = in;
        for (int i = 1; i <= ops; i++) {
            value = i % run == 0 ? Contraction.matmul(value, in) : Elementwise.abs(value);
        }
        return Graph.of(List.of(new Graph.Port("x", in)), List.of(new Graph.Port("y", value)));
    }

    @Test
    void tellsForwardFromBackwardByColour() {
        var seen = new Seen(picture()).isADrawing().nothingIsCutOff();
        assertTrue(seen.count(Palette.tint(Palette.BLUE)) > 3000, "forward");
        assertTrue(seen.count(Palette.tint(Palette.VERMILLION)) > 3000, "backward");
        assertTrue(seen.count(Palette.tint(Palette.GREEN)) > 1000, "parameter");
        assertTrue(seen.count(Palette.tint(Palette.PURPLE)) > 1000, "input");
        assertEquals(0, new Seen(GraphPicture.of(chain(3, 9))).count(Palette.VERMILLION));
    }

    @Test
    void altCountsBothParts() {
        var alt = picture().title("step").alt();
        assertTrue(alt.startsWith("Graph \"step\": "), alt);
        assertTrue(alt.contains(", 4 forward and "), alt);
        assertTrue(alt.contains(", from x and 1 parameter to y, d_w; most used: "), alt);
    }

    @Test
    void textListsEveryOpWithItsInputs() {
        assertEquals(
                """
                Graph: 2 ops, from x to y; most used: 1 abs, 1 matmul.
                input x [8, 8]
                forward
                    %0 = abs(x) [8, 8]
                    %1 = matmul(%0, x) [8, 8]
                output y = %1\
                """,
                GraphPicture.of(chain(2, 2)).text());
    }

    @Test
    void scalarsStandInTheBoxThatUsesThem() {
        var boxes = GraphBoxes.of(step(), v -> true, Set.of("w"), false);
        var titles = boxes.all().stream().map(box -> box.title).toList();
        assertTrue(titles.contains("mul(·, 0.5)"), titles.toString());
        assertFalse(titles.contains("const"), titles.toString());
    }

    @Test
    void everyArrowPointsDown() {
        for (var graph : List.of(step(), chain(100, 5))) {
            var boxes = GraphBoxes.of(graph, v -> true, Set.of(), true).all();
            for (var box : boxes) {
                box.sources.forEach(s -> assertTrue(s.layer < box.layer, s.title));
            }
        }
    }

    @Test
    void boxesOfALayerDoNotOverlap() {
        var boxes = GraphBoxes.of(step(), v -> true, Set.of("w"), false).all();
        var layout = new GraphLayout(boxes, box -> 60 + box.title.length());
        for (var layer : layout.layers()) {
            for (int i = 1; i < layer.size(); i++) {
                var a = layer.get(i - 1);
                var b = layer.get(i);
                assertTrue(a.x + a.width / 2 + 10 < b.x - b.width / 2, a.x + " " + b.x);
            }
        }
    }

    @Test
    void anInputReadFarApartIsDrawnAtEachPlace() {
        var in = Leaf.input(TensorType.fp32(2));
        var value = Elementwise.abs(in);
        for (int i = 0; i < 6; i++) {
            value = Elementwise.abs(value);
        }
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", in)),
                        List.of(new Graph.Port("y", Elementwise.add(value, in))));
        var boxes = GraphBoxes.of(graph, v -> true, Set.of(), false).all();
        assertEquals(2, boxes.stream().filter(box -> box.title.equals("x")).count());
    }

    @Test
    void manyElementwiseOpsBecomeOneBox() {
        var boxes = GraphBoxes.of(chain(100, 10), v -> true, Set.of(), true);
        assertEquals(20, boxes.ops());
        var titles = boxes.all().stream().map(box -> box.title).toList();
        assertTrue(titles.contains("abs (9 ops)"), titles.toString());
        new Seen(GraphPicture.of(chain(100, 10))).isADrawing();
    }

    @Test
    void aHugeGraphIsListedNotDrawn() {
        var picture = GraphPicture.of(chain(2000, 2));
        var e = assertThrows(JaneException.class, picture::png);
        assertTrue(e.getMessage().startsWith("[chart] "), e.getMessage());
        assertTrue(
                e.getMessage()
                        .endsWith(
                                " boxes, elementwise ops merged; a picture holds 150: draw one"
                                        + " layer of the model, or the forward part alone"),
                e.getMessage());
        var display = picture.display();
        assertFalse(display.data().containsKey("image/png"));
        var lines = new ArrayList<>(display.toString().lines().toList());
        assertTrue(lines.size() < 210, "lines: " + lines.size());
        assertTrue(lines.get(lines.size() - 1).startsWith("(no picture: "));
    }

    @Test
    void anOutputThatIsAnInputIsDrawn() {
        var in = Leaf.input(TensorType.fp32(2));
        var graph = Graph.of(List.of(new Graph.Port("x", in)), List.of(new Graph.Port("same", in)));
        new Seen(GraphPicture.of(graph)).isADrawing();
        assertEquals("Graph: 0 ops, from x to same.", GraphPicture.of(graph).alt());
    }
}
