package jane.op;

import jane.ir.Dense;
import jane.ir.NoAttrs;
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

    /**
     * x (..., M, K) times y (..., K, N) gives (..., M, N); leading axes broadcast. A vector is one
     * row as x and one column as y, without that axis in the result; exchanging its axes means
     * nothing.
     */
    public static final Op<Transposed> MATMUL =
            OpDef.<Transposed>named("matmul")
                    .type((a, in) -> List.of(type(a, in.get(0), in.get(1))))
                    .vjp((n, dy) -> vjp(n, dy))
                    .mil(
                            Spelling.<Transposed>of("matmul")
                                    .operand("x")
                                    .operand("y")
                                    .bool("transpose_x", Transposed::x, false)
                                    .bool("transpose_y", Transposed::y, false)
                                    .build(
                                            a ->
                                                    new Transposed(
                                                            a.bool("transpose_x"),
                                                            a.bool("transpose_y"))))
                    .defined(n -> hasVector(n) ? product(n) : n.out())
                    .reference((a, in, out) -> multiply(a, in.get(0), in.get(1), out))
                    .flops(n -> 2L * n.out().shape().size() * inner(n))
                    .build();

    /** {@code x W' + b}. Shapes: x (..., Di), weight (Do, Di), bias (Do) or none, y (..., Do). */
    public static final Op<NoAttrs> LINEAR =
            OpDef.<NoAttrs>named("linear")
                    .type((a, in) -> List.of(linearType(in)))
                    .is(Contraction::linear)
                    .mil(
                            Spelling.<NoAttrs>of("linear")
                                    .operand("x")
                                    .operand("weight")
                                    .optional("bias", 0)
                                    .build(a -> NoAttrs.NONE))
                    .reference(
                            (a, in, out) -> {
                                var w = in.get(1).shape();
                                for (int i = 0; i < out.data().length; i++) {
                                    int o = i % w.dim(0);
                                    double sum = in.size() > 2 ? in.get(2).get(o) : 0;
                                    for (int k = 0; k < w.dim(1); k++) {
                                        sum +=
                                                in.get(0).get(i / w.dim(0) * w.dim(1) + k)
                                                        * in.get(1).get(o * w.dim(1) + k);
                                    }
                                    out.data()[i] = sum;
                                }
                            })
                    .flops(n -> 2L * n.out().shape().size() * n.in(0).shape().dim(-1))
                    .build();

    static final List<Op<?>> ALL = List.of(MATMUL, LINEAR);

    private Contraction() {}

    /** {@code x y}. */
    public static Value matmul(Value x, Value y) {
        return matmul(x, y, false, false);
    }

    /** {@code x y}, each with its last two axes exchanged first if so asked. */
    public static Value matmul(Value x, Value y, boolean transposeX, boolean transposeY) {
        return Node.of(MATMUL, new Transposed(transposeX, transposeY), List.of(x, y)).out();
    }

    /** {@code x W'}. */
    public static Value linear(Value x, Value weight) {
        return Node.of(LINEAR, NoAttrs.NONE, List.of(x, weight)).out();
    }

    /** {@code x W' + b}. */
    public static Value linear(Value x, Value weight, Value bias) {
        return Node.of(LINEAR, NoAttrs.NONE, List.of(x, weight, bias)).out();
    }

    private static TensorType linearType(List<TensorType> in) {
        var x = Types.floats("linear", in.get(0));
        Types.sameDtype("linear", x, in.get(1));
        var w = in.get(1).shape();
        if (x.shape().rank() < 1 || w.rank() != 2 || w.dim(1) != x.shape().dim(-1)) {
            throw new ShapeException(
                    "linear",
                    "x %s with weight %s; need x (..., Di), weight (Do, Di)",
                    x.shape(),
                    w);
        }
        if (in.size() > 2) {
            Types.sameDtype("linear", x, in.get(2));
            if (!in.get(2).shape().equals(Shape.of(w.dim(0)))) {
                throw new ShapeException(
                        "linear",
                        "bias %s for weight %s; need [%d]",
                        in.get(2).shape(),
                        w,
                        w.dim(0));
            }
        }
        return x.as(x.shape().with(-1, w.dim(0)));
    }

    private static Value linear(Node<NoAttrs> n) {
        var x = n.in(0);
        var rows = x.shape().rank() == 1 ? Movement.reshape(x, Shape.of(1, x.shape().dim(0))) : x;
        var y = Movement.reshape(matmul(rows, n.in(1), false, true), n.out().shape());
        return n.inputs().size() == 2 ? y : Elementwise.add(y, n.in(2));
    }

    private static TensorType type(Transposed a, TensorType x, TensorType y) {
        Types.floats("matmul", x);
        Types.sameDtype("matmul", x, y);
        if (x.shape().rank() < 1 || y.shape().rank() < 1) {
            throw new ShapeException(
                    "matmul",
                    "shapes %s and %s; need rank 1 or more on both sides: use mul for a scalar",
                    x.shape(),
                    y.shape());
        }
        var m = Matrices.of(a, x.shape(), y.shape());
        if (m.inner() != m.innerOfY()) {
            throw new ShapeException(
                    "matmul",
                    "inner dims differ: x %s%s has %d, y %s%s has %d; need x (..., M, K),"
                            + " y (..., K, N)",
                    x.shape(),
                    m.turned().x() ? " transposed" : "",
                    m.inner(),
                    y.shape(),
                    m.turned().y() ? " transposed" : "",
                    m.innerOfY());
        }
        var dims = new ArrayList<>(m.result().toList());
        if (y.shape().rank() == 1) {
            dims.remove(dims.size() - 1);
        }
        if (x.shape().rank() == 1) {
            dims.remove(m.result().rank() - 2);
        }
        return x.as(Shape.of(dims));
    }

    /**
     * The matrices of a matmul, of which a vector is one row as x and one column as y.
     *
     * @param x (..., M, K), or with its last axes exchanged
     * @param y (..., K, N), or so
     * @param turned whose last axes are exchanged; a vector's are not
     */
    private record Matrices(Shape x, Shape y, Transposed turned) {
        static Matrices of(Transposed a, Shape x, Shape y) {
            return new Matrices(
                    x.rank() == 1 ? Shape.of(1, x.dim(0)) : x,
                    y.rank() == 1 ? Shape.of(y.dim(0), 1) : y,
                    new Transposed(a.x() && x.rank() > 1, a.y() && y.rank() > 1));
        }

        int inner() {
            return x.dim(turned.x() ? -2 : -1);
        }

        int innerOfY() {
            return y.dim(turned.y() ? -1 : -2);
        }

        /** (..., M, N). */
        Shape result() {
            var dims = new ArrayList<>(Shape.broadcast(batch(x), batch(y), "matmul").toList());
            dims.add(x.dim(turned.x() ? -1 : -2));
            dims.add(y.dim(turned.y() ? -2 : -1));
            return Shape.of(dims);
        }
    }

    private static boolean hasVector(Node<Transposed> n) {
        return n.in(0).shape().rank() == 1 || n.in(1).shape().rank() == 1;
    }

    private static Value product(Node<Transposed> n) {
        var made = ofMatrices(n.attrs(), n.in(0), n.in(1)).out();
        return Movement.reshape(made, n.out().shape());
    }

    /** The product of matrices that a product of x and y is, which may be vectors. */
    public static Node<Transposed> ofMatrices(Transposed a, Value x, Value y) {
        var m = Matrices.of(a, x.shape(), y.shape());
        var operands = List.of(Movement.reshape(x, m.x()), Movement.reshape(y, m.y()));
        return Node.of(MATMUL, m.turned(), operands);
    }

    private static void multiply(Transposed a, Dense x, Dense y, Dense out) {
        var m = Matrices.of(a, x.shape(), y.shape());
        var whole = m.result();
        for (int i = 0; i < out.data().length; i++) {
            var at = Index.unravel(i, whole);
            int row = at[at.length - 2];
            int column = at[at.length - 1];
            double sum = 0;
            for (int k = 0; k < m.inner(); k++) {
                int left = element(at, row, k, m.turned().x(), m.x());
                sum += x.get(left) * y.get(element(at, k, column, m.turned().y(), m.y()));
            }
            out.data()[i] = sum;
        }
    }

    private static Shape batch(Shape shape) {
        return shape.slice(0, shape.rank() - 2);
    }

    private static int inner(Node<Transposed> n) {
        return Matrices.of(n.attrs(), n.in(0).shape(), n.in(1).shape()).inner();
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
        if (hasVector(n)) {
            return Reverse.through(n, made -> List.of(product(made)), List.of(dy));
        }
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
