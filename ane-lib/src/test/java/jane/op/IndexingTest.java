package jane.op;

import static jane.op.Reference.assertIs;
import static jane.op.Reference.dense;
import static jane.op.Reference.fp32;
import static jane.op.Reference.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexingTest {
    private static Dense ids(List<Integer> dims, double... values) {
        return dense(new TensorType(DType.INT32, Shape.of(dims)), values);
    }

    @Test
    void gatherPicksRowsAndColumns() {
        var x = fp32(List.of(3, 2), 1, 2, 3, 4, 5, 6);
        var i = ids(List.of(2, 2), 2, 0, 0, 1);
        assertIs(
                run((a, b) -> Indexing.gather(a, b, 0), x, i),
                List.of(2, 2, 2),
                5,
                6,
                1,
                2,
                1,
                2,
                3,
                4);
        assertIs(
                run((a, b) -> Indexing.gather(a, b, -1), x, ids(List.of(3), 1, 1, 0)),
                List.of(3, 3),
                2,
                2,
                1,
                4,
                4,
                3,
                6,
                6,
                5);
        assertIs(run((a, b) -> Indexing.gather(a, b, 0), x, ids(List.of(), 1)), List.of(2), 3, 4);
    }

    @Test
    void scatterAddsWhereAnIndexRepeats() {
        var data = fp32(List.of(2, 3), 1, 2, 3, 4, 5, 6);
        var updates = fp32(List.of(2, 3), 5, 6, 7, 8, 9, 10);
        // the example of MIL's manual, then both into one row
        assertIs(
                scatter(data, ids(List.of(2), 1, 0), updates, 0),
                List.of(2, 3),
                9,
                11,
                13,
                9,
                11,
                13);
        assertIs(
                scatter(data, ids(List.of(2), 1, 1), updates, 0),
                List.of(2, 3),
                1,
                2,
                3,
                17,
                20,
                23);
        assertIs(
                scatter(data, ids(List.of(1), 2), fp32(List.of(2, 1), 10, 20), 1),
                List.of(2, 3),
                1,
                2,
                13,
                4,
                5,
                26);
    }

    private static Dense scatter(Dense data, Dense indices, Dense updates, int axis) {
        var u = Leaf.input(updates.type());
        var d = Leaf.input(data.type());
        var i = Leaf.input(indices.type());
        return Graph.of(
                        List.of(
                                new Graph.Port("d", d),
                                new Graph.Port("i", i),
                                new Graph.Port("u", u)),
                        List.of(new Graph.Port("y", Indexing.scatterAdd(d, i, u, axis))))
                .reference(Map.of("d", data, "i", indices, "u", updates))
                .get("y");
    }

    @Test
    void everyParameterIsSpelled() {
        var x = Leaf.input(TensorType.fp32(3, 2));
        var i = Leaf.input(new TensorType(DType.INT32, Shape.of(4)));
        var y = Indexing.scatterAdd(x, i, Indexing.gather(x, i, 0), 0);
        var text =
                MilPrinter.print(
                                Graph.of(
                                        List.of(new Graph.Port("x", x), new Graph.Port("i", i)),
                                        List.of(new Graph.Port("y", y))))
                        .text();
        assertEquals(
                "tensor<fp32, [4, 2]> gather_0 = gather(x = x, indices = i, axis = gather_0_axis,"
                        + " batch_dims = gather_0_batch_dims, validate_indices ="
                        + " gather_0_validate_indices)[name = string(\"gather_0\")];",
                line(text, "= gather("));
        assertEquals(
                "tensor<fp32, [3, 2]> y = scatter(data = x, indices = i, updates = gather_0, axis ="
                        + " y_axis, mode = y_mode, validate_indices = y_validate_indices)[name ="
                        + " string(\"y\")];",
                line(text, "= scatter("));
    }

    private static String line(String text, String part) {
        return text.lines().filter(l -> l.contains(part)).findFirst().orElseThrow().strip();
    }

    @Test
    void anIndexOutOfRangeIsNamedByReferenceAndEngine() {
        var x = Leaf.input(TensorType.fp32(3, 2));
        var i = Leaf.input(new TensorType(DType.INT32, Shape.of(4)));
        var graph =
                Graph.of(
                        List.of(new Graph.Port("x", x), new Graph.Port("i", i)),
                        List.of(new Graph.Port("y", Indexing.gather(x, i, 0))));
        var feeds = Map.of("x", Dense.zeros(x.type()), "i", ids(List.of(4), 0, 2, 3, 1));
        String expected = "[gather] index 3 at position 2 is out of range; need 0 to 2";
        assertEquals(
                expected,
                assertThrows(DataException.class, () -> graph.reference(feeds)).getMessage());
        try (Engine engine = new CpuEngine(2);
                var exe = engine.compile(MilPrinter.print(graph))) {
            var buffers = new HashMap<String, jane.engine.Buffer>();
            exe.inputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
            exe.outputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
            buffers.get("i").put(feeds.get("i"));
            var binding = exe.bind(buffers);
            assertEquals(expected, assertThrows(DataException.class, binding::run).getMessage());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var x = Leaf.input(TensorType.fp32(3, 2));
        var floats = Leaf.input(TensorType.fp32(4));
        var i = Leaf.input(new TensorType(DType.INT32, Shape.of(4)));
        assertEquals(
                "[gather] indices are fp32; need int32: cast them first",
                assertThrows(JaneException.class, () -> Indexing.gather(x, floats, 0))
                        .getMessage());
        assertEquals(
                "[scatter] updates [3, 2] for data [3, 2], indices [4] and axis 0; need updates of"
                        + " shape [4, 2]",
                assertThrows(JaneException.class, () -> Indexing.scatterAdd(x, i, x, 0))
                        .getMessage());
        assertEquals(
                "[scatter] mode \"most\"; need one of [add, update, sub, mul, div, max, min]",
                assertThrows(
                                JaneException.class,
                                () ->
                                        jane.ir.Node.of(
                                                Indexing.SCATTER,
                                                new Indexing.Scatter(0, "most", false),
                                                List.of(x, i, x)))
                        .getMessage());
        assertEquals(
                "[gather] batch_dims = 1 for x [3, 2], indices [4] and axis 0; need that many"
                        + " leading axes in common, before the axis",
                assertThrows(
                                JaneException.class,
                                () ->
                                        jane.ir.Node.of(
                                                Indexing.GATHER,
                                                new Indexing.Gather(0, 1, false),
                                                List.of(x, i)))
                        .getMessage());
    }
}
