package jane.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Short forms for tests that compute a case by hand. */
final class Reference {
    private Reference() {}

    static Dense dense(TensorType type, double... values) {
        return Dense.of(type, values);
    }

    static Dense fp32(List<Integer> dims, double... values) {
        return Dense.of(TensorType.fp32().as(Shape.of(dims)), values);
    }

    static Dense run(UnaryOperator<Value> f, Dense x) {
        var in = Leaf.input(x.type());
        return Graph.of(List.of(new Graph.Port("x", in)), List.of(new Graph.Port("y", f.apply(in))))
                .reference(Map.of("x", x))
                .get("y");
    }

    static Dense run(BinaryOperator<Value> f, Dense a, Dense b) {
        var x = Leaf.input(a.type());
        var y = Leaf.input(b.type());
        return Graph.of(
                        List.of(new Graph.Port("a", x), new Graph.Port("b", y)),
                        List.of(new Graph.Port("y", f.apply(x, y))))
                .reference(Map.of("a", a, "b", b))
                .get("y");
    }

    /** Exact: these cases have no rounding. */
    static void assertIs(Dense actual, List<Integer> dims, double... values) {
        assertEquals(dims, actual.shape().toList());
        assertArrayEquals(values, actual.data());
    }
}
