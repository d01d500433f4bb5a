package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Logic;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
    private static final TensorType FP32 = new TensorType(DType.FP32, Shape.of(2, 2));

    @Test
    void placeholdersAndResultsKeepTheirTypes() {
        var x = Leaf.input(FP32);
        var w = Leaf.input(FP32);
        var y = HalfPrecision.rewrite(List.of(Contraction.matmul(x, w)), Set.of()).get(0);
        var graph = Graphs.of(List.of(x, w), y);
        assertEquals(List.of("cast", "cast", "matmul", "cast"), Graphs.ops(graph));
        assertEquals(DType.FP32, y.dtype());
        assertEquals(DType.FP16, y.node().in(0).dtype());
    }

    @Test
    void aValueIsCastOnceForAllItsReaders() {
        var x = Leaf.input(FP32);
        var y = Elementwise.mul(Elementwise.exp(x), Elementwise.add(x, x));
        var half = HalfPrecision.rewrite(List.of(y), Set.of()).get(0);
        var ops = Graphs.ops(Graphs.of(List.of(x), half));
        assertEquals(2, ops.stream().filter("cast"::equals).count());
    }

    @Test
    void constantsAreRoundedOnce() {
        var third = Leaf.constant(ConstData.of(FP32, 1 / 3.0, 0, 1e-9, 70000));
        var y = HalfPrecision.rewrite(List.of(third), Set.of()).get(0);
        var data = Leaf.data(y.node().in(0));
        assertEquals(DType.FP16, data.type().dtype());
        assertEquals(0x1.554p-2, ConstData.get(data.bytes(), DType.FP16, 0));
        assertEquals(0, ConstData.get(data.bytes(), DType.FP16, 2));
        assertEquals(Double.POSITIVE_INFINITY, ConstData.get(data.bytes(), DType.FP16, 3));
    }

    @Test
    void integersAndBoolsStay() {
        var x = Leaf.input(FP32);
        var less = Elementwise.exp(Logic.cast(Logic.less(x, x), DType.FP32));
        var y = HalfPrecision.rewrite(List.of(less), Set.of()).get(0);
        assertEquals(
                List.of("cast", "less", "cast", "exp", "cast"),
                Graphs.ops(Graphs.of(List.of(x), y)));
    }

    @Test
    void aKnownValueIsWhereTheRewriteBegins() {
        var x = Leaf.input(FP32);
        var known = Elementwise.exp(x);
        var y = HalfPrecision.rewrite(List.of(Elementwise.square(known)), Set.of(known)).get(0);
        assertEquals(List.of("cast", "square", "cast"), Graphs.ops(Graphs.of(List.of(known), y)));
    }
}
