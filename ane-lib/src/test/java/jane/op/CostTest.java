package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** FLOPs and bytes of nodes. */
class CostTest {
    private static Value fp32(int... dims) {
        return Leaf.input(TensorType.fp32(dims));
    }

    private static void costs(long flops, long bytes, Value y) {
        assertEquals(flops, y.node().flops(), () -> "flops of " + y);
        assertEquals(bytes, y.node().bytes(), () -> "bytes of " + y);
    }

    static List<Op<?>> ops() {
        return Ops.all();
    }

    @ParameterizedTest
    @MethodSource("ops")
    void isNeverNegativeAndCountsAtLeastWhatIsWritten(Op<?> op) {
        var random = new SplittableRandom(op.name().hashCode());
        for (int i = 0; i < 20; i++) {
            var node = OpSamples.sample(op, random).node();
            assertTrue(node.flops() >= 0);
            assertTrue(node.bytes() >= Cost.written(node));
        }
    }

    @Test
    void elementwiseReadsBothAndWritesOne() {
        costs(6, 4 * (6 + 3 + 6), Elementwise.add(fp32(2, 3), fp32(3)));
    }

    @Test
    void productsCountMultiplicationsAndAdditions() {
        costs(2 * 2 * 3 * 4, 4 * (6 + 12 + 8), Contraction.matmul(fp32(2, 3), fp32(3, 4)));
        costs(2 * 2 * 3 * 4, 4 * (6 + 12 + 8), Contraction.linear(fp32(2, 3), fp32(4, 3)));
        var conv = Convolution.conv(fp32(1, 3, 5, 5), fp32(2, 3, 3, 3), conv());
        costs(2 * (2 * 3 * 3) * 27, 4 * (75 + 54 + 18), conv);
    }

    private static Convolution.Conv conv() {
        return Convolution.Conv.of(1, 0, 1, 1);
    }

    @Test
    void partsReadOnlyWhatTheyTake() {
        costs(0, 2 * 4 * 2, Slicing.slice(fp32(1000), 0, 3, 5, 1));
        var indices = Leaf.input(new TensorType(DType.INT32, Shape.of(5)));
        costs(0, 2 * 4 * 5 * 8 + 4 * 5, Indexing.gather(fp32(1000, 8), indices, 0));
        costs(0, 2 * 4 * 10, Splitting.split(fp32(10), List.of(4, 6), 0).get(0));
    }

    @Test
    void sortingTakesALogarithmPerElement() {
        assertEquals(3 * 8 * 3, Sorting.argsort(fp32(3, 8), -1, true).node().flops());
    }
}
