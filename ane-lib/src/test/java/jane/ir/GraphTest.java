package jane.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GraphTest {
    private static Value input(int... dims) {
        return Leaf.input(TensorType.fp32(dims));
    }

    private static Graph.Port port(String name, Value value) {
        return new Graph.Port(name, value);
    }

    private static Graph graph(Value x, Value y) {
        return Graph.of(List.of(port("x", x)), List.of(port("y", y)));
    }

    private static void refused(String message, Executable action) {
        assertEquals(message, assertThrows(JaneException.class, action).getMessage());
    }

    @Test
    void ordersAChainOfAHundredThousandNodes() {
        var x = input();
        var y = x;
        for (int i = 0; i < 100_000; i++) {
            y = Elementwise.add(y, x);
        }
        var graph = graph(x, y);
        assertEquals(100_000, graph.nodes().size());
        assertEquals(200_002, graph.reference(Map.of("x", Dense.of(x.type(), 2))).get("y").get(0));
        assertEquals(graph.structure(), graph(x, y).structure());
    }

    @Test
    void everyNodeFollowsWhatItReadsAndStandsOnce() {
        var x = input(3);
        var shared = Elementwise.exp(x);
        var left = Elementwise.mul(shared, x);
        var y = Elementwise.add(left, Elementwise.add(shared, left));
        var seen = new HashSet<Value>(Set.of(x));
        var nodes = graph(x, y).nodes();
        for (var node : nodes) {
            assertTrue(seen.containsAll(node.inputs()), node.op().name());
            assertTrue(seen.addAll(node.outputs()), node.op().name());
        }
        assertEquals(4, nodes.size());
    }

    @Test
    void whatNoOutputNeedsIsLeftOut() {
        var x = input(3);
        Elementwise.exp(x);
        assertEquals(1, graph(x, Elementwise.abs(x)).nodes().size());
    }

    @Test
    void anyValueMayServeAsAnInput() {
        var x = input(2);
        var h = Elementwise.exp(x);
        var y = Elementwise.square(h);
        var cut = Graph.of(List.of(port("h", h)), List.of(port("y", y)));
        assertEquals(1, cut.nodes().size());
        var result = cut.reference(Map.of("h", Dense.of(h.type(), 3, 4))).get("y");
        assertEquals(9, result.get(0));
        assertEquals(16, result.get(1));
    }

    @Test
    void structureIgnoresNamesAndIdentity() {
        var a = input(2);
        var b = input(2);
        var one = Graph.of(List.of(port("a", a)), List.of(port("y", Elementwise.exp(a))));
        var two = Graph.of(List.of(port("b", b)), List.of(port("z", Elementwise.exp(b))));
        assertEquals(one.structure(), two.structure());
        assertEquals(one.structure().hashCode(), two.structure().hashCode());
    }

    @Test
    void structureSeesOpsAttributesTypesConstantsAndWiring() {
        var x = input(2, 2);
        var z = input(2, 2);
        var shapes = input(2, 3);
        var half = Leaf.input(new TensorType(DType.FP16, Shape.of(2, 2)));
        var ports = List.of(port("x", x), port("z", z));
        var different =
                List.of(
                        graph(x, Elementwise.exp(x)),
                        graph(x, Elementwise.abs(x)),
                        graph(half, Elementwise.exp(half)),
                        graph(shapes, Elementwise.exp(shapes)),
                        graph(x, Reductions.sum(x, List.of(0), true)),
                        graph(x, Reductions.sum(x, List.of(1), true)),
                        graph(x, Elementwise.scale(x, 2)),
                        graph(x, Elementwise.scale(x, 3)),
                        graph(x, Movement.fill(x.type(), 0.0)),
                        graph(x, Movement.fill(x.type(), -0.0)),
                        Graph.of(ports, List.of(port("y", Elementwise.sub(x, z)))),
                        Graph.of(ports, List.of(port("y", Elementwise.sub(z, x)))),
                        Graph.of(ports, List.of(port("y", x))),
                        Graph.of(ports, List.of(port("y", z))),
                        Graph.of(
                                List.of(port("x", x), port("w", x), port("z", z)),
                                List.of(port("y", Elementwise.sub(x, z)))),
                        Graph.of(
                                List.of(port("x", x), port("w", z), port("z", z)),
                                List.of(port("y", Elementwise.sub(x, z)))));
        for (int i = 0; i < different.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertNotEquals(
                        different.get(i).structure(),
                        different.get(j).structure(),
                        i + " and " + j);
            }
        }
    }

    @Test
    void structureTellsOneValueTwiceFromTwoEqualOnes() {
        var x = input(2);
        var once = Elementwise.exp(x);
        assertNotEquals(
                graph(x, Elementwise.add(once, once)).structure(),
                graph(x, Elementwise.add(once, Elementwise.exp(x))).structure());
    }

    @Test
    void refusesAMissingInput() {
        var x = input(2);
        var z = input(3);
        refused(
                "[graph] an output needs a placeholder of type tensor<fp32, [3]> that is not among"
                        + " the inputs [x]; list it as an input",
                () -> graph(x, Elementwise.exp(z)));
    }

    @Test
    void refusesNamesThatRepeatOrCannotBeWritten() {
        var x = input(2);
        refused(
                "[graph] two ports are named 'x'; need one each",
                () -> Graph.of(List.of(port("x", x), port("x", input(1))), List.of()));
        refused(
                "[graph] '1x' cannot name an input or output; need letters, digits and _, not"
                        + " starting with a digit",
                () -> Graph.of(List.of(port("1x", x)), List.of()));
    }

    @Test
    void referenceChecksWhatItIsFed() {
        var x = input(2);
        var graph = graph(x, Elementwise.exp(x));
        refused(
                "[reference] input 'x' is missing; need tensor<fp32, [2]>",
                () -> graph.reference(Map.of()));
        refused(
                "[reference] input 'x' is tensor<fp32, [3]>; need tensor<fp32, [2]>",
                () -> graph.reference(Map.of("x", Dense.zeros(TensorType.fp32(3)))));
    }

    @Test
    void countsReadersWithOutputs() {
        var x = input(2);
        var h = Elementwise.exp(x);
        var y = Elementwise.mul(h, h);
        var graph = Graph.of(List.of(port("x", x)), List.of(port("y", y), port("h", h)));
        assertEquals(3, graph.readers().get(h));
        assertEquals(1, graph.readers().get(y));
        assertEquals(1, graph.readers().get(x));
    }

    @Test
    void countsWork() {
        var x = input(2, 3);
        var graph = graph(x, Elementwise.square(Elementwise.exp(x)));
        assertEquals(12, graph.flops());
        assertEquals(48, graph.nodes().get(0).bytes());
    }
}
