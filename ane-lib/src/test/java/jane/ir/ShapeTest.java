package jane.ir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ShapeTest {
    private static void refused(String message, Executable action) {
        assertEquals(message, assertThrows(ShapeException.class, action).getMessage());
    }

    @Test
    void countsElements() {
        assertEquals(1, Shape.SCALAR.size());
        assertEquals(24, Shape.of(2, 3, 4).size());
        assertEquals(0, Shape.of(2, 0, 4).size());
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
    }

    @Test
    void refusesNegativeDimensions() {
        refused("[shape] negative dimension -1 in [2, -1]; need 0 or more", () -> Shape.of(2, -1));
        refused("[shape] negative dimension -1 in [0, -1]; need 0 or more", () -> Shape.of(0, -1));
    }

    @Test
    void refusesMoreElementsThanAnIntCounts() {
        refused(
                "[shape] [65536, 65536] has more than 2^31 - 1 elements; use a smaller shape",
                () -> Shape.of(65536, 65536));
        refused(
                "[shape] [2147483647, 2147483647, 2147483647] has more than 2^31 - 1 elements; use"
                        + " a smaller shape",
                () -> Shape.of(2147483647, 2147483647, 2147483647));
    }

    @Test
    void anEmptyShapeIsEmptyWhereverItsZeroStands() {
        assertEquals(0, Shape.of(0, 65536, 65536).size());
        assertEquals(0, Shape.of(65536, 65536, 0).size());
    }

    @Test
    void countsAxesFromBothEnds() {
        var shape = Shape.of(2, 3, 4);
        assertEquals(4, shape.dim(-1));
        assertEquals(2, shape.dim(-3));
        assertEquals(1, shape.axis(-2, "op"));
        refused("[op] axis 3 is outside shape [2, 3, 4]; need -3 to 2", () -> shape.axis(3, "op"));
        refused(
                "[op] axis -4 is outside shape [2, 3, 4]; need -3 to 2",
                () -> shape.axis(-4, "op"));
    }

    @Test
    void aScalarHasNoAxes() {
        refused("[op] axis 0 is outside shape []; a scalar has none", () -> axisOfScalar(0));
        refused("[op] axis -1 is outside shape []; a scalar has none", () -> axisOfScalar(-1));
    }

    private static int axisOfScalar(int axis) {
        return Shape.SCALAR.axis(axis, "op");
    }

    @Test
    void broadcastsByTheRuleOfNumPy() {
        assertEquals(Shape.of(2, 3), broadcast(Shape.of(2, 1), Shape.of(3)));
        assertEquals(Shape.of(4, 2, 3), broadcast(Shape.of(2, 3), Shape.of(4, 1, 1)));
        assertEquals(Shape.of(5), broadcast(Shape.SCALAR, Shape.of(5)));
        assertEquals(Shape.of(0), broadcast(Shape.of(1), Shape.of(0)));
        assertEquals(Shape.of(2, 0), broadcast(Shape.of(2, 1), Shape.of(1, 0)));
        refused(
                "[op] shapes [0] and [2] do not broadcast: dimension 1 from the end is 0 and 2;"
                        + " need equal, or 1 on one side (reshape one of them)",
                () -> broadcast(Shape.of(0), Shape.of(2)));
    }

    private static Shape broadcast(Shape a, Shape b) {
        return Shape.broadcast(a, b, "op");
    }

    @Test
    void stridesAreRowMajor() {
        assertArrayEquals(new int[] {12, 4, 1}, Shape.of(2, 3, 4).strides());
        assertArrayEquals(new int[0], Shape.SCALAR.strides());
    }

    @Test
    void cannotBeChangedFromOutside() {
        var dims = new int[] {2, 3};
        var shape = Shape.of(dims);
        dims[0] = 9;
        shape.toArray()[1] = 9;
        assertEquals(Shape.of(2, 3), shape);
    }

    @Test
    void equalsByDimensions() {
        assertEquals(Shape.of(List.of(2, 3)), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(1), Shape.SCALAR);
        assertEquals("[2, 3]", Shape.of(2, 3).toString());
    }

    @Test
    void partsAndReplacements() {
        assertEquals(Shape.of(3, 4), Shape.of(2, 3, 4).slice(1, 3));
        assertEquals(Shape.SCALAR, Shape.of(2, 3).slice(1, 1));
        assertEquals(Shape.of(2, 9), Shape.of(2, 3).with(-1, 9));
    }
}
