package jane.conform;

import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Joining;
import jane.op.Movement;
import jane.op.Padding;
import jane.op.SliceUpdate;
import jane.op.Slicing;
import jane.op.Splitting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of the ops that take, join and repeat parts of tensors. */
final class PartSamples {
    private PartSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        all.put(Slicing.SLICE, PartSamples::slice);
        all.put(SliceUpdate.SLICE_UPDATE, PartSamples::update);
        all.put(Slicing.SLICE_BY_SIZE, PartSamples::sliceBySize);
        all.put(Slicing.CROP, PartSamples::crop);
        all.put(Splitting.SPLIT, PartSamples::split);
        all.put(Splitting.REVERSE, PartSamples::reverse);
        all.put(Splitting.REVERSE_SEQUENCE, PartSamples::reverseSequence);
        all.put(Splitting.SLIDING_WINDOWS, PartSamples::windows);
        all.put(Joining.CONCAT, PartSamples::concat);
        all.put(Joining.STACK, PartSamples::stack);
        all.put(Joining.TILE, PartSamples::tile);
        all.put(Padding.PAD, PartSamples::pad);
    }

    private static Node<?> slice(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        return Node.of(Slicing.SLICE, bounds(d, x.shape()), List.of(x));
    }

    private static Node<?> update(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        var attrs = bounds(d, x.shape());
        var part = Slicing.SLICE.infer(attrs, List.of(x.type())).get(0);
        var inputs = List.of(x, d.input(part, Draw.Kind.ANY));
        return Node.of(SliceUpdate.SLICE_UPDATE, attrs, inputs);
    }

    private static Slicing.Slice bounds(Draw d, Shape x) {
        var begin = new ArrayList<Integer>();
        var end = new ArrayList<Integer>();
        var stride = new ArrayList<Integer>();
        var squeeze = new ArrayList<Boolean>();
        boolean plain = d.chance(0.5);
        for (int dim : x.toList()) {
            boolean squeezed = !plain && dim > 0 && d.chance(0.2);
            boolean backward = !plain && !squeezed && d.chance(0.3);
            int from = d.chance(0.4) ? 0 : d.between(0, squeezed ? dim - 1 : dim);
            int to = d.chance(0.5) ? dim : d.between(Math.min(dim, from + 1), dim);
            int step = d.chance(0.5) ? 1 : d.between(1, 4);
            squeeze.add(squeezed);
            begin.add(backward ? to - 1 : from);
            end.add(squeezed ? from + 1 : backward ? from - 1 : to);
            stride.add(squeezed ? 1 : backward ? -step : step);
            if (backward && to <= from) {
                end.set(end.size() - 1, to - 1);
            }
        }
        return new Slicing.Slice(begin, end, stride, squeeze);
    }

    private static Node<?> sliceBySize(Draw d) {
        var x = d.input(d.numbers(), d.shape(0, 5));
        var begin = new ArrayList<Integer>();
        var size = new ArrayList<Integer>();
        for (int dim : x.shape().toList()) {
            int from = d.chance(0.4) ? 0 : d.between(0, dim);
            begin.add(from);
            size.add(d.chance(0.4) ? -1 : d.between(0, dim - from));
        }
        return Node.of(Slicing.SLICE_BY_SIZE, new Slicing.Part(begin, size), List.of(x));
    }

    private static Node<?> crop(Draw d) {
        var x = d.input(d.floats(), d.shape(3, 4));
        var attrs = new Slicing.Crop(cut(d, x.shape().dim(-2)), cut(d, x.shape().dim(-1)));
        return Node.of(Slicing.CROP, attrs, List.of(x));
    }

    private static List<Integer> cut(Draw d, int dim) {
        int before = d.between(0, dim);
        return List.of(before, d.between(0, dim - before));
    }

    private static Node<?> split(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 4));
        int rank = x.shape().rank();
        int axis = d.between(0, rank - 1);
        var sizes = new ArrayList<Integer>();
        int rest = x.shape().dim(axis);
        while (sizes.size() < 3 && d.chance(0.7)) {
            sizes.add(d.between(0, rest));
            rest -= sizes.get(sizes.size() - 1);
        }
        sizes.add(rest);
        return Node.of(Splitting.SPLIT, new Splitting.Split(sizes, d.axis(axis, rank)), List.of(x));
    }

    private static Node<?> reverse(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 5));
        int rank = x.shape().rank();
        var axes = new ArrayList<Integer>();
        for (int axis : d.permutation(rank).subList(0, d.between(0, rank))) {
            axes.add(d.axis(axis, rank));
        }
        return Node.of(Splitting.REVERSE, new Movement.AxisList(axes), List.of(x));
    }

    private static Node<?> reverseSequence(Draw d) {
        var x = d.input(d.numbers(), d.shape(2, 4));
        int rank = x.shape().rank();
        var axes = d.permutation(rank);
        var lengths =
                d.indices(Shape.of(x.shape().dim(axes.get(1))), x.shape().dim(axes.get(0)) + 1);
        var attrs = new Splitting.Sequences(d.axis(axes.get(0), rank), d.axis(axes.get(1), rank));
        return Node.of(Splitting.REVERSE_SEQUENCE, attrs, List.of(x, lengths));
    }

    private static Node<?> windows(Draw d) {
        var shape = d.shape(1, 4);
        int axis = d.between(0, shape.rank() - 1);
        shape = shape.dim(axis) == 0 ? shape.with(axis, 3) : shape;
        int size = d.between(1, Math.min(shape.dim(axis), 4));
        var attrs = new Splitting.Windows(d.axis(axis, shape.rank()), size, d.between(1, 3));
        return Node.of(Splitting.SLIDING_WINDOWS, attrs, List.of(d.input(d.numbers(), shape)));
    }

    private static Node<?> concat(Draw d) {
        var dtype = d.numbers();
        var shape = d.shape(1, 5);
        int axis = d.between(0, shape.rank() - 1);
        boolean interleave = d.chance(0.4);
        int count = shape.size() > 700 ? 2 : d.between(1, 4);
        var values = new ArrayList<Value>();
        for (int i = 0; i < count; i++) {
            int length = interleave || shape.size() > 700 ? shape.dim(axis) : d.between(0, 4);
            values.add(d.input(dtype, shape.with(axis, length)));
        }
        var attrs = new Joining.Concat(d.axis(axis, shape.rank()), interleave);
        return Node.of(Joining.CONCAT, attrs, values);
    }

    private static Node<?> stack(Draw d) {
        var type = new TensorType(d.numbers(), d.shape(0, 3));
        int count = type.shape().size() > 700 ? 2 : d.between(1, 3);
        var values = new ArrayList<Value>();
        for (int i = 0; i < count; i++) {
            values.add(d.input(type, Draw.Kind.ANY));
        }
        int rank = type.shape().rank() + 1;
        var attrs = new Joining.Stack(d.axis(d.between(0, rank - 1), rank));
        return Node.of(Joining.STACK, attrs, values);
    }

    private static Node<?> tile(Draw d) {
        var x = d.input(d.numbers(), d.shape(1, 4));
        var reps = new ArrayList<>(Collections.nCopies(x.shape().rank(), 1));
        if (x.shape().size() <= d.limit() / 4) {
            reps.replaceAll(r -> d.pick(1, 1, 2));
            reps.set(0, d.pick(1, 2, 3));
        }
        return Node.of(Joining.TILE, new Joining.Tile(reps), List.of(x));
    }

    private static Node<?> pad(Draw d) {
        var mode = d.pick("constant", "constant", "reflect", "replicate");
        var x = d.input(d.floats(), d.shape(1, 4));
        int covered = d.between(1, x.shape().rank());
        int most = x.shape().size() > 300 ? 1 : 3;
        var amounts = new ArrayList<Integer>();
        for (int i = 0; i < 2 * covered; i++) {
            int dim = x.shape().dim(x.shape().rank() - covered + i / 2);
            int room = mode.equals("constant") ? most : mode.equals("reflect") ? dim - 1 : dim;
            int amount = Math.max(0, Math.min(room, most));
            amounts.add(d.chance(0.4) ? 0 : d.between(0, amount));
        }
        double value = d.pick(0.0, 0.0, -1.5, 2.0, d.smooth() ? 0.5 : Double.NEGATIVE_INFINITY);
        return Node.of(Padding.PAD, new Padding.Pad(amounts, mode, value), List.of(x));
    }
}
