package jane.conform;

import jane.ir.DType;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.Value;
import jane.op.Generators;
import jane.op.Indexing;
import jane.op.Scans;
import jane.op.Sorting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of the ops that read, make and order indices, and of running sums. */
final class IndexSamples {
    private IndexSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        all.put(Indexing.GATHER, d -> d.chance(0.3) ? batchedGather(d) : gather(d));
        all.put(Indexing.SCATTER, IndexSamples::scatter);
        all.put(Indexing.GATHER_ALONG_AXIS, IndexSamples::gatherAlong);
        all.put(Indexing.SCATTER_ALONG_AXIS, IndexSamples::scatterAlong);
        all.put(Sorting.REDUCE_ARGMAX, d -> arg(d, Sorting.REDUCE_ARGMAX));
        all.put(Sorting.REDUCE_ARGMIN, d -> arg(d, Sorting.REDUCE_ARGMIN));
        all.put(Sorting.ARGSORT, IndexSamples::argsort);
        all.put(Sorting.TOPK, IndexSamples::topk);
        all.put(Scans.CUMSUM, IndexSamples::cumsum);
        all.put(Generators.RANGE_1D, IndexSamples::range);
        all.put(Generators.ONE_HOT, IndexSamples::oneHot);
        all.put(Generators.BAND_PART, IndexSamples::band);
        all.put(Generators.SHAPE, IndexSamples::shape);
    }

    private static String mode(Draw d) {
        return d.smooth()
                ? d.pick("add", "update", "sub")
                : d.pick("add", "add", "update", "sub", "mul", "div", "max", "min");
    }

    private static Node<?> gather(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 4));
        int rank = x.shape().rank();
        int axis = d.between(0, rank - 1);
        int size = x.shape().dim(axis);
        int room = d.limit() / Math.max(1, x.shape().with(axis, 1).size());
        var dims = new ArrayList<Integer>();
        for (int i = d.between(0, 2); i > 0; i--) {
            dims.add(part(d, room));
            room /= Math.max(1, dims.get(dims.size() - 1));
        }
        var shape = Shape.of(dims);
        shape = size == 0 && shape.size() > 0 ? Shape.of(0) : shape;
        var indices = d.indices(index(d), shape, size);
        var attrs = new Indexing.Gather(d.axis(axis, rank), 0, d.chance(0.3));
        return Node.of(Indexing.GATHER, attrs, List.of(x, indices));
    }

    private static Node<?> scatter(Draw d) {
        var dtype = d.floats();
        var data = d.input(dtype, d.shape(1, 4));
        int rank = data.shape().rank();
        int axis = d.between(0, rank - 1);
        int size = data.shape().dim(axis);
        int room = d.limit() / Math.max(1, data.shape().with(axis, 1).size());
        var shape = Shape.of(size == 0 ? 0 : part(d, room));
        var indices = d.indices(shape, size);
        var updates = d.input(dtype, data.shape().with(axis, shape.size()));
        var attrs = new Indexing.Scatter(d.axis(axis, rank), mode(d), d.chance(0.3));
        return Node.of(Indexing.SCATTER, attrs, List.of(data, indices, updates));
    }

    private static int part(Draw d, int room) {
        int size = d.size();
        return size <= room ? size : d.between(1, Math.max(1, Math.min(room, 4)));
    }

    private static Node<?> batchedGather(Draw d) {
        int batch = d.between(1, 2);
        var dims = new ArrayList<Integer>();
        for (int i = 0; i < batch + d.between(1, 2); i++) {
            dims.add(d.between(1, 3));
        }
        int rank = dims.size();
        int axis = d.between(batch, rank - 1);
        var picks = new ArrayList<>(dims.subList(0, batch));
        for (int i = d.between(0, 2); i > 0; i--) {
            picks.add(d.between(1, 3));
        }
        var x = d.input(d.numbers(), Shape.of(dims));
        var indices = d.indices(index(d), Shape.of(picks), dims.get(axis));
        var attrs = new Indexing.Gather(d.axis(axis, rank), batch, d.chance(0.3));
        return Node.of(Indexing.GATHER, attrs, List.of(x, indices));
    }

    private static Node<?> gatherAlong(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 4));
        int rank = x.shape().rank();
        int axis = d.between(0, rank - 1);
        var attrs = new Indexing.Gather(d.axis(axis, rank), 0, d.chance(0.3));
        var indices = along(d, index(d), x.shape(), axis);
        return Node.of(Indexing.GATHER_ALONG_AXIS, attrs, List.of(x, indices));
    }

    private static Node<?> scatterAlong(Draw d) {
        var dtype = d.floats();
        var data = d.input(dtype, d.shape(1, 4));
        int rank = data.shape().rank();
        int axis = d.between(0, rank - 1);
        var indices = along(d, DType.INT32, data.shape(), axis);
        var updates = d.input(dtype, indices.shape());
        var attrs = new Indexing.Scatter(d.axis(axis, rank), mode(d), d.chance(0.3));
        return Node.of(Indexing.SCATTER_ALONG_AXIS, attrs, List.of(data, indices, updates));
    }

    /** The types that a gather's indices may have. */
    private static DType index(Draw d) {
        return d.pick(DType.INT32, DType.INT16, DType.UINT16);
    }

    private static Value along(Draw d, DType dtype, Shape shape, int axis) {
        int size = shape.dim(axis);
        int room = d.limit() / Math.max(1, shape.with(axis, 1).size());
        return d.indices(dtype, shape.with(axis, size == 0 ? 0 : part(d, room)), size);
    }

    private static Node<?> arg(Draw d, Op<Sorting.Arg> op) {
        var shape = d.shape(1, 5);
        int axis = d.between(0, shape.rank() - 1);
        shape = shape.dim(axis) == 0 ? shape.with(axis, 3) : shape;
        var dtype = d.pick(DType.INT32, DType.UINT16);
        var attrs = new Sorting.Arg(d.axis(axis, shape.rank()), d.chance(0.5), dtype);
        return Node.of(op, attrs, List.of(d.input(d.numbers(), shape)));
    }

    private static Node<?> argsort(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 5));
        int rank = x.shape().rank();
        var attrs = new Sorting.Order(d.axis(d.between(0, rank - 1), rank), d.chance(0.5));
        return Node.of(Sorting.ARGSORT, attrs, List.of(x));
    }

    private static Node<?> topk(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 4));
        int rank = x.shape().rank();
        int axis = d.between(0, rank - 1);
        int k = d.chance(0.2) ? -1 : d.between(0, x.shape().dim(axis));
        boolean indices = d.chance(0.8);
        var attrs =
                new Sorting.TopK(
                        k,
                        d.axis(axis, rank),
                        d.chance(0.5),
                        d.chance(0.8),
                        indices,
                        indices ? d.pick(DType.INT32, DType.UINT16) : DType.INT32);
        return Node.of(Sorting.TOPK, attrs, List.of(x));
    }

    private static Node<?> cumsum(Draw d) {
        var x = d.input(d.floats(), d.shape(1, 5));
        int rank = x.shape().rank();
        var attrs =
                new Scans.Scan(d.axis(d.between(0, rank - 1), rank), d.chance(0.4), d.chance(0.4));
        return Node.of(Scans.CUMSUM, attrs, List.of(x));
    }

    private static Node<?> range(Draw d) {
        var dtype = d.pick(DType.FP32, DType.FP16, DType.INT32);
        double step = d.pick(1.0, 2.0, -3.0, dtype == DType.INT32 ? 4.0 : 0.5);
        double start = d.between(-5, 5);
        var attrs = new Generators.Range(dtype, start, start + step * d.between(0, 40), step);
        return Node.of(Generators.RANGE_1D, attrs, List.of());
    }

    private static Node<?> oneHot(Draw d) {
        int size = d.between(0, 9);
        var dtype = d.pick(DType.FP32, DType.FP16, DType.INT32, DType.BOOL);
        var shape = d.shape(0, 3);
        shape = shape.size() > 300 ? Shape.of(3) : shape;
        var indices = d.indices(shape, 10);
        int rank = indices.shape().rank() + 1;
        double on = dtype == DType.BOOL ? 1 : d.pick(1.0, 3.0);
        var attrs = new Generators.OneHot(size, d.axis(d.between(0, rank - 1), rank), dtype, on, 0);
        return Node.of(Generators.ONE_HOT, attrs, List.of(indices));
    }

    private static Node<?> band(Draw d) {
        var x = d.input(d.numbers(), d.shape(2, 4));
        var attrs = new Generators.Band(d.between(-1, 3), d.between(-1, 3));
        return Node.of(Generators.BAND_PART, attrs, List.of(x));
    }

    private static Node<?> shape(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        return Node.of(Generators.SHAPE, NoAttrs.NONE, List.of(x));
    }
}
