package jane.op;

import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Dense;
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

/**
 * Ops that pick and add slices by indices: tables, such as those of embeddings. Indices are int32
 * and count from the front; one out of range is a {@link DataException} when the op runs.
 */
public final class Indexing {
    /**
     * The axis to pick along. MIL's other two: no leading axes in common, and no check of its own.
     */
    public record Gather(int axis, int batchDims, boolean validateIndices) {}

    /** The axis to add along, how ({@code "add"}), and MIL's switch for a check of its own. */
    public record Scatter(int axis, String mode, boolean validateIndices) {}

    /**
     * Slices of x along one axis: {@code y[.., i.., ..] = x[.., indices[i..], ..]}. Shapes: x (*A,
     * D, *B), indices (*I) int32, y (*A, *I, *B). Source: MIL, iOS 17.
     */
    public static final Op<Gather> GATHER =
            OpDef.<Gather>named("gather")
                    .type((a, in) -> List.of(gathered(a, in.get(0), in.get(1))))
                    .vjp(Indexing::gatherVjp)
                    .mil(
                            Spelling.<Gather>of("gather")
                                    .operand("x")
                                    .operand("indices")
                                    .attr(
                                            "axis",
                                            Literal.Kind.INT,
                                            a -> new Literal.Int(a.axis()),
                                            new Literal.Int(0))
                                    .attr(
                                            "batch_dims",
                                            Literal.Kind.INT,
                                            a -> new Literal.Int(a.batchDims()),
                                            new Literal.Int(0))
                                    .attr(
                                            "validate_indices",
                                            Literal.Kind.BOOL,
                                            a -> new Literal.Bool(a.validateIndices()),
                                            new Literal.Bool(false))
                                    .build(
                                            a ->
                                                    new Gather(
                                                            a.integer("axis"),
                                                            a.integer("batch_dims"),
                                                            a.bool("validate_indices"))))
                    .reference(Indexing::pick)
                    .flops(n -> 0)
                    .build();

    /**
     * data with a slice of updates added at each index, in order; an index may repeat. Shapes: data
     * and y (*A, D, *B), indices (I) int32, updates (*A, I, *B). Source: MIL, iOS 17.
     */
    public static final Op<Scatter> SCATTER =
            OpDef.<Scatter>named("scatter")
                    .type((a, in) -> List.of(scattered(a, in.get(0), in.get(1), in.get(2))))
                    .vjp(Indexing::scatterVjp)
                    .mil(
                            Spelling.<Scatter>of("scatter")
                                    .operand("data")
                                    .operand("indices")
                                    .operand("updates")
                                    .attr(
                                            "axis",
                                            Literal.Kind.INT,
                                            a -> new Literal.Int(a.axis()),
                                            new Literal.Int(0))
                                    .attr(
                                            "mode",
                                            Literal.Kind.STRING,
                                            a -> new Literal.Str(a.mode()),
                                            new Literal.Str("add"))
                                    .attr(
                                            "validate_indices",
                                            Literal.Kind.BOOL,
                                            a -> new Literal.Bool(a.validateIndices()),
                                            new Literal.Bool(false))
                                    .build(
                                            a ->
                                                    new Scatter(
                                                            a.integer("axis"),
                                                            a.string("mode"),
                                                            a.bool("validate_indices"))))
                    .reference(Indexing::addTo)
                    .flops(n -> n.in(2).shape().size())
                    .build();

    static final List<Op<?>> ALL = List.of(GATHER, SCATTER);

    private Indexing() {}

    /**
     * Slices of {@code x} along {@code axis}.
     *
     * @param indices int32, any shape, which takes the axis's place
     */
    public static Value gather(Value x, Value indices, int axis) {
        return Node.of(GATHER, new Gather(axis, 0, false), List.of(x, indices)).out();
    }

    /**
     * {@code data} with {@code updates} added along {@code axis}.
     *
     * @param indices int32, rank 1
     */
    public static Value scatterAdd(Value data, Value indices, Value updates, int axis) {
        var attrs = new Scatter(axis, "add", false);
        return Node.of(SCATTER, attrs, List.of(data, indices, updates)).out();
    }

    /** The index itself if it is within an axis of {@code size}. */
    public static int checked(String op, int index, int at, int size) {
        if (index < 0 || index >= size) {
            throw new DataException(
                    op,
                    size == 0
                            ? "index %d at position %d into an axis of 0; there is nothing to pick"
                            : "index %d at position %d is out of range; need 0 to %d",
                    index,
                    at,
                    size - 1);
        }
        return index;
    }

    private static TensorType gathered(Gather a, TensorType x, TensorType indices) {
        requireTypes("gather", x, indices);
        int axis = x.shape().axis(a.axis(), "gather");
        if (a.batchDims() != 0) {
            throw new ShapeException("gather", "batch_dims = %d; need 0", a.batchDims());
        }
        return x.as(replaced(x.shape(), axis, indices.shape()));
    }

    private static TensorType scattered(
            Scatter a, TensorType data, TensorType indices, TensorType updates) {
        requireTypes("scatter", data, indices);
        Types.sameDtype("scatter", data, updates);
        int axis = data.shape().axis(a.axis(), "scatter");
        if (!a.mode().equals("add")) {
            throw new ShapeException("scatter", "mode \"%s\"; need \"add\"", a.mode());
        }
        if (indices.shape().rank() != 1) {
            throw new ShapeException(
                    "scatter", "indices have shape %s; need rank 1: reshape", indices.shape());
        }
        var need = replaced(data.shape(), axis, indices.shape());
        if (!updates.shape().equals(need)) {
            throw new ShapeException(
                    "scatter",
                    "updates %s for data %s, indices %s and axis %d; need updates of shape %s",
                    updates.shape(),
                    data.shape(),
                    indices.shape(),
                    axis,
                    need);
        }
        return data;
    }

    private static void requireTypes(String op, TensorType x, TensorType indices) {
        Types.numbers(op, x);
        if (indices.dtype() != DType.INT32) {
            throw new ShapeException(
                    op, "indices are %s; need int32: cast them first", indices.dtype());
        }
    }

    /** {@code shape} with dimension {@code axis} replaced by all of {@code by}. */
    private static Shape replaced(Shape shape, int axis, Shape by) {
        var dims = new ArrayList<>(shape.slice(0, axis).toList());
        dims.addAll(by.toList());
        dims.addAll(shape.slice(axis + 1, shape.rank()).toList());
        return Shape.of(dims);
    }

    private static List<Value> gatherVjp(Node<Gather> n, Value dy) {
        var x = n.in(0);
        int axis = x.shape().axis(n.attrs().axis(), "gather");
        var count = Shape.of(n.in(1).shape().size());
        var flat = Movement.reshape(n.in(1), count);
        var updates = Movement.reshape(dy, replaced(x.shape(), axis, count));
        var dx = scatterAdd(Movement.fill(x.type(), 0), flat, updates, axis);
        return List.of(dx, dy); // the second is for indices, which are no floats: ignored
    }

    private static List<Value> scatterVjp(Node<Scatter> n, Value dy) {
        return List.of(dy, dy, gather(dy, n.in(1), n.attrs().axis()));
    }

    private static void pick(Gather a, List<Dense> in, Dense y) {
        var x = in.get(0);
        var indices = in.get(1);
        int axis = x.shape().axis(a.axis(), "gather");
        int size = x.shape().dim(axis);
        int inner = x.shape().slice(axis + 1, x.shape().rank()).size();
        int count = indices.data().length;
        for (int i = 0; i < y.data().length; i++) {
            int at = i / inner % count;
            int index = checked("gather", (int) indices.get(at), at, size);
            int outer = i / inner / count;
            y.data()[i] = x.get((outer * size + index) * inner + i % inner);
        }
    }

    private static void addTo(Scatter a, List<Dense> in, Dense y) {
        var data = in.get(0);
        var indices = in.get(1);
        var updates = in.get(2);
        int axis = data.shape().axis(a.axis(), "scatter");
        int size = data.shape().dim(axis);
        int inner = data.shape().slice(axis + 1, data.shape().rank()).size();
        int count = indices.data().length;
        System.arraycopy(data.data(), 0, y.data(), 0, y.data().length);
        for (int i = 0; i < updates.data().length; i++) {
            int at = i / inner % count;
            int index = checked("scatter", (int) indices.get(at), at, size);
            int outer = i / inner / count;
            y.data()[(outer * size + index) * inner + i % inner] += updates.get(i);
        }
    }
}
