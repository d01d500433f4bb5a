package jane.op;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Ops that pick and change elements by indices: tables, such as those of embeddings. Indices are
 * int32, those that pick also int16 or uint16, and count from the front; one out of range is a
 * {@link DataException} when the op runs.
 */
public final class Indexing {
    /**
     * The axis to pick along; how many leading axes x and indices have in common; MIL's switch for
     * a check of its own.
     */
    public record Gather(int axis, int batchDims, boolean validateIndices) {}

    /** The axis to change along, how, and MIL's switch for a check of its own. */
    public record Scatter(int axis, String mode, boolean validateIndices) {}

    private static final List<String> MODES =
            List.of("add", "update", "sub", "mul", "div", "max", "min");

    /**
     * Slices of x along one axis: {@code y[.., i.., ..] = x[.., indices[i..], ..]}. Shapes: x (*A,
     * D, *B), indices (*I) int32, y (*A, *I, *B); with batch_dims, *I without the leading axes it
     * shares with *A. Source: MIL, iOS 17.
     */
    public static final Op<Gather> GATHER =
            OpDef.<Gather>named("gather")
                    .type((a, in) -> List.of(gathered(a, in.get(0), in.get(1))))
                    .vjp(Indexing::gatherVjp)
                    .mil(
                            Spelling.<Gather>of("gather")
                                    .operand("x")
                                    .operand("indices")
                                    .integer("axis", Gather::axis, 0)
                                    .integer("batch_dims", Gather::batchDims, 0)
                                    .bool("validate_indices", Gather::validateIndices, false)
                                    .build(
                                            a ->
                                                    new Gather(
                                                            a.integer("axis"),
                                                            a.integer("batch_dims"),
                                                            a.bool("validate_indices"))))
                    .reference(IndexLoops::pick)
                    .cost(Cost::none, Cost::picked)
                    .build();

    /**
     * data with slices of updates put in at each index, in order; an index may repeat. Modes: add,
     * update, sub, mul, div, max, min; the gradient is that of add, update and sub. Shapes: data
     * and y (*A, D, *B), indices (I) int32, updates (*A, I, *B). Source: MIL, iOS 17.
     */
    public static final Op<Scatter> SCATTER =
            OpDef.<Scatter>named("scatter")
                    .type((a, in) -> List.of(scattered(a, in.get(0), in.get(1), in.get(2))))
                    .vjp((n, dy) -> scatterVjp(n, dy, false))
                    .mil(scatterSpelling("scatter"))
                    .reference(IndexLoops::change)
                    .flops(n -> n.in(2).shape().size())
                    .build();

    /**
     * Elements of x along one axis: {@code y[.., i, ..] = x[.., indices[.., i, ..], ..]}. Shapes: y
     * as indices, which are as x but for the axis.
     */
    public static final Op<Gather> GATHER_ALONG_AXIS =
            OpDef.<Gather>named("gather_along_axis")
                    .type((a, in) -> List.of(alongAxis(a.axis(), in.get(0), in.get(1))))
                    .vjp(
                            (n, dy) -> {
                                var zeros = Elementwise.zerosLike(n.in(0));
                                int axis = n.attrs().axis();
                                var at = Logic.cast(n.in(1), DType.INT32);
                                return List.of(scatterAlongAxis(zeros, at, dy, axis), dy);
                            })
                    .mil(
                            Spelling.<Gather>of("gather_along_axis")
                                    .operand("x")
                                    .operand("indices")
                                    .integer("axis", Gather::axis, 0)
                                    .bool("validate_indices", Gather::validateIndices, false)
                                    .build(
                                            a ->
                                                    new Gather(
                                                            a.integer("axis"),
                                                            0,
                                                            a.bool("validate_indices"))))
                    .reference(IndexLoops::pickAlong)
                    .cost(Cost::none, Cost::picked)
                    .build();

    /**
     * data with elements of updates put in along an axis, in order, as {@link #SCATTER} does
     * slices. Shapes: updates as indices, which are as data but for the axis.
     */
    public static final Op<Scatter> SCATTER_ALONG_AXIS =
            OpDef.<Scatter>named("scatter_along_axis")
                    .type((a, in) -> List.of(scatteredAlong(a, in)))
                    .vjp((n, dy) -> scatterVjp(n, dy, true))
                    .mil(scatterSpelling("scatter_along_axis"))
                    .reference(IndexLoops::changeAlong)
                    .flops(n -> n.in(2).shape().size())
                    .build();

    static final List<Op<?>> ALL = List.of(GATHER, SCATTER, GATHER_ALONG_AXIS, SCATTER_ALONG_AXIS);

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

    /** Elements of {@code x} along {@code axis}, one per index. */
    public static Value gatherAlongAxis(Value x, Value indices, int axis) {
        return Node.of(GATHER_ALONG_AXIS, new Gather(axis, 0, false), List.of(x, indices)).out();
    }

    /** {@code data} with elements of {@code updates} added along {@code axis}. */
    public static Value scatterAlongAxis(Value data, Value indices, Value updates, int axis) {
        var attrs = new Scatter(axis, "add", false);
        return Node.of(SCATTER_ALONG_AXIS, attrs, List.of(data, indices, updates)).out();
    }

    /** Indices that are known. */
    static Value constant(TensorType type, double[] values) {
        return Leaf.constant(ConstData.of(type, values));
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

    private static Spelling<Scatter> scatterSpelling(String op) {
        return Spelling.<Scatter>of(op)
                .operand("data")
                .operand("indices")
                .operand("updates")
                .integer("axis", Scatter::axis, 0)
                .string("mode", Scatter::mode, "add")
                .bool("validate_indices", Scatter::validateIndices, false)
                .build(
                        a ->
                                new Scatter(
                                        a.integer("axis"),
                                        a.string("mode"),
                                        a.bool("validate_indices")));
    }

    private static TensorType gathered(Gather a, TensorType x, TensorType indices) {
        requireTypes("gather", x, indices);
        int axis = x.shape().axis(a.axis(), "gather");
        int batch = a.batchDims();
        boolean fits = batch >= 0 && batch <= axis && batch <= indices.shape().rank();
        if (!fits || !x.shape().slice(0, batch).equals(indices.shape().slice(0, batch))) {
            throw new ShapeException(
                    "gather",
                    "batch_dims = %d for x %s, indices %s and axis %d; need that many leading axes"
                            + " in common, before the axis",
                    batch,
                    x.shape(),
                    indices.shape(),
                    axis);
        }
        var rest = indices.shape().slice(batch, indices.shape().rank());
        return x.as(replaced(x.shape(), axis, rest));
    }

    private static TensorType scattered(
            Scatter a, TensorType data, TensorType indices, TensorType updates) {
        requireTypes("scatter", data, indices);
        Types.sameDtype("scatter", data, updates);
        int axis = data.shape().axis(a.axis(), "scatter");
        Types.oneOf("scatter", "mode", a.mode(), MODES);
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

    private static TensorType alongAxis(int axis, TensorType x, TensorType indices) {
        requireTypes("gather_along_axis", x, indices);
        requireAlong("gather_along_axis", axis, x, indices);
        return x.as(indices.shape());
    }

    private static TensorType scatteredAlong(Scatter a, List<TensorType> in) {
        String op = "scatter_along_axis";
        requireTypes(op, in.get(0), in.get(1));
        Types.sameDtype(op, in.get(0), in.get(2));
        Types.oneOf(op, "mode", a.mode(), MODES);
        requireAlong(op, a.axis(), in.get(0), in.get(1));
        if (!in.get(2).shape().equals(in.get(1).shape())) {
            throw new ShapeException(
                    op,
                    "updates %s for indices %s; need one shape",
                    in.get(2).shape(),
                    in.get(1).shape());
        }
        return in.get(0);
    }

    private static void requireAlong(String op, int axis, TensorType x, TensorType indices) {
        int at = x.shape().axis(axis, op);
        boolean fits = indices.shape().rank() == x.shape().rank();
        if (!fits || !indices.shape().with(at, 0).equals(x.shape().with(at, 0))) {
            throw new ShapeException(
                    op,
                    "indices %s for %s and axis %d; need equal dimensions on the other axes",
                    indices.shape(),
                    x.shape(),
                    at);
        }
    }

    private static void requireTypes(String op, TensorType x, TensorType indices) {
        Types.numbers(op, x);
        boolean gathers = op.startsWith("gather");
        boolean small = indices.dtype() == DType.INT16 || indices.dtype() == DType.UINT16;
        if (indices.dtype() != DType.INT32 && !(gathers && small)) {
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
        if (n.attrs().batchDims() > 0) {
            return List.of(batchedVjp(n, dy, axis), dy);
        }
        var count = Shape.of(n.in(1).shape().size());
        var flat = Movement.reshape(Logic.cast(n.in(1), DType.INT32), count);
        var updates = Movement.reshape(dy, replaced(x.shape(), axis, count));
        var dx = scatterAdd(Elementwise.zerosLike(x), flat, updates, axis);
        return List.of(dx, dy); // the second is for indices, which are no floats: ignored
    }

    /** With the indices stretched over all other axes, slices are elements along the axis. */
    private static Value batchedVjp(Node<Gather> n, Value dy, int axis) {
        var x = n.in(0).shape();
        var indices = Logic.cast(n.in(1), DType.INT32);
        int batch = n.attrs().batchDims();
        int count = indices.shape().slice(batch, indices.shape().rank()).size();
        var narrow = new ArrayList<>(Collections.nCopies(x.rank(), 1));
        var reps = new ArrayList<>(x.toList());
        for (int i = 0; i < batch; i++) {
            narrow.set(i, x.dim(i));
            reps.set(i, 1);
        }
        narrow.set(axis, count);
        reps.set(axis, 1);
        var type = n.in(0).type();
        if (type.shape().size() == 0) {
            return Elementwise.zerosLike(n.in(0));
        }
        var wide = Joining.tile(Movement.reshape(indices, Shape.of(narrow)), reps);
        var updates = Movement.reshape(dy, x.with(axis, count));
        return scatterAlongAxis(Elementwise.zerosLike(n.in(0)), wide, updates, axis);
    }

    /** Of add, sub and update; MIL's other modes have no gradient rule. */
    private static List<Value> scatterVjp(Node<Scatter> n, Value dy, boolean along) {
        var mode = n.attrs().mode();
        Types.oneOf(n.op().name(), "gradient of mode", mode, List.of("add", "sub", "update"));
        var picked = gatherLike(n, dy, along);
        if (mode.equals("update")) {
            var nothing = Elementwise.zerosLike(n.in(2));
            var kept = scatterLike(n, dy, nothing, along);
            return List.of(kept, dy, Logic.select(survives(n, along), picked, nothing));
        }
        return List.of(dy, dy, mode.equals("sub") ? Elementwise.neg(picked) : picked);
    }

    private static Value gatherLike(Node<Scatter> n, Value data, boolean along) {
        int axis = n.attrs().axis();
        return along ? gatherAlongAxis(data, n.in(1), axis) : gather(data, n.in(1), axis);
    }

    /** The same change of other data by other updates. */
    private static Value scatterLike(Node<Scatter> n, Value data, Value updates, boolean along) {
        var op = along ? SCATTER_ALONG_AXIS : SCATTER;
        return Node.of(op, n.attrs(), List.of(data, n.in(1), updates)).out();
    }

    /** Which updates no later one overwrites: those whose number is found where they went. */
    private static Value survives(Node<Scatter> n, boolean along) {
        var type = n.in(2).type().as(DType.INT32);
        var numbers = new double[type.shape().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        var number = constant(type, numbers);
        var blank = Movement.fill(n.in(0).type().as(DType.INT32), 0);
        return Logic.equal(gatherLike(n, scatterLike(n, blank, number, along), along), number);
    }
}
