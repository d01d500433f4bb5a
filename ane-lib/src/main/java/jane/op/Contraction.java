package jane.op;

import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Matrix products. M, K, N: rows, inner dimension, columns. */
public final class Contraction {
    /** Whether each operand's last two axes are exchanged first. */
    public record Transposed(boolean x, boolean y) {}

    /** x (..., M, K) times y (..., K, N) gives (..., M, N); leading axes broadcast. */
    public static final Op<Transposed> MATMUL =
            OpDef.<Transposed>named("matmul")
                    .type((a, in) -> List.of(type(a, in.get(0), in.get(1))))
                    .vjp((n, dy) -> vjp(n, dy))
                    .mil(
                            Spelling.<Transposed>of("matmul")
                                    .operand("x")
                                    .operand("y")
                                    .attr(
                                            "transpose_x",
                                            Literal.Kind.BOOL,
                                            a -> new Literal.Bool(a.x()),
                                            new Literal.Bool(false))
                                    .attr(
                                            "transpose_y",
                                            Literal.Kind.BOOL,
                                            a -> new Literal.Bool(a.y()),
                                            new Literal.Bool(false))
                                    .build(
                                            a ->
                                                    new Transposed(
                                                            a.bool("transpose_x"),
                                                            a.bool("transpose_y"))))
                    .reference(
                            (a, in, out) -> {
                                var x = in.get(0);
                                var y = in.get(1);
                                int inner = x.shape().dim(a.x() ? -2 : -1);
                                for (int i = 0; i < out.data().length; i++) {
                                    var at = Index.unravel(i, out.shape());
                                    double sum = 0;
                                    for (int k = 0; k < inner; k++) {
                                        sum +=
                                                x.get(
                                                                element(
                                                                        at,
                                                                        at[at.length - 2],
                                                                        k,
                                                                        a.x(),
                                                                        x.shape()))
                                                        * y.get(
                                                                element(
                                                                        at,
                                                                        k,
                                                                        at[at.length - 1],
                                                                        a.y(),
                                                                        y.shape()));
                                    }
                                    out.data()[i] = sum;
                                }
                            })
                    .flops(n -> 2L * n.out().shape().size() * inner(n))
                    .build();

    static final List<Op<?>> ALL = List.of(MATMUL);

    private Contraction() {}

    /** {@code x y}. */
    public static Value matmul(Value x, Value y) {
        return matmul(x, y, false, false);
    }

    /** {@code x y}, each with its last two axes exchanged first if so asked. */
    public static Value matmul(Value x, Value y, boolean transposeX, boolean transposeY) {
        return Node.of(MATMUL, new Transposed(transposeX, transposeY), List.of(x, y)).out();
    }

    private static TensorType type(Transposed a, TensorType x, TensorType y) {
        Types.floats("matmul", x);
        Types.sameDtype("matmul", x, y);
        if (x.shape().rank() < 2 || y.shape().rank() < 2) {
            throw new ShapeException(
                    "matmul",
                    "shapes %s and %s; need rank 2 or more on both sides: reshape a vector to"
                            + " [1, n] or [n, 1]",
                    x.shape(),
                    y.shape());
        }
        int m = x.shape().dim(a.x() ? -1 : -2);
        int kx = x.shape().dim(a.x() ? -2 : -1);
        int ky = y.shape().dim(a.y() ? -1 : -2);
        int n = y.shape().dim(a.y() ? -2 : -1);
        if (kx != ky) {
            throw new ShapeException(
                    "matmul",
                    "inner dims differ: x %s%s has %d, y %s%s has %d; need x (..., M, K),"
                            + " y (..., K, N)",
                    x.shape(),
                    a.x() ? " transposed" : "",
                    kx,
                    y.shape(),
                    a.y() ? " transposed" : "",
                    ky);
        }
        var batch = Shape.broadcast(batch(x.shape()), batch(y.shape()), "matmul");
        var dims = new ArrayList<>(batch.toList());
        dims.add(m);
        dims.add(n);
        return x.as(Shape.of(dims));
    }

    private static Shape batch(Shape shape) {
        return shape.slice(0, shape.rank() - 2);
    }

    private static int inner(Node<Transposed> n) {
        return n.in(0).shape().dim(n.attrs().x() ? -2 : -1);
    }

    /** Flat index of element (row, col) of the operand's matrix in the batch of {@code at}. */
    private static int element(int[] at, int row, int col, boolean transposed, Shape shape) {
        var own = at.clone();
        own[own.length - 2] = transposed ? col : row;
        own[own.length - 1] = transposed ? row : col;
        int flat = 0;
        int skip = own.length - shape.rank();
        for (int i = 0; i < shape.rank(); i++) {
            boolean stretched = i < shape.rank() - 2 && shape.dim(i) == 1;
            flat = flat * shape.dim(i) + (stretched ? 0 : own[i + skip]);
        }
        return flat;
    }

    private static List<Value> vjp(Node<Transposed> n, Value dy) {
        var x = n.in(0);
        var y = n.in(1);
        boolean tx = n.attrs().x();
        boolean ty = n.attrs().y();
        var dx = tx ? matmul(y, dy, ty, true) : matmul(dy, y, false, !ty);
        Value dw;
        if (y.shape().rank() == 2 && x.shape().rank() > 2 && !tx) {
            // One shared y: fold the batch into the rows, so that the sum over it is the product's.
            int count = x.shape().slice(0, x.shape().rank() - 1).size();
            var rows = Movement.reshape(x, List.of(count, x.shape().dim(-1)));
            var dyRows = Movement.reshape(dy, List.of(count, dy.shape().dim(-1)));
            dw = ty ? matmul(dyRows, rows, true, false) : matmul(rows, dyRows, true, false);
        } else {
            dw = ty ? matmul(dy, x, true, tx) : matmul(x, dy, !tx, false);
        }
        return List.of(Broadcasting.sumTo(dx, x.shape()), Broadcasting.sumTo(dw, y.shape()));
    }
}
