package jane.op;

import jane.ir.Dense;
import java.util.List;

/** The reference kernels of {@link Indexing}. */
final class IndexLoops {
    private IndexLoops() {}

    static void pick(Indexing.Gather a, List<Dense> in, Dense y) {
        var x = in.get(0);
        var indices = in.get(1);
        int axis = x.shape().axis(a.axis(), "gather");
        int size = x.shape().dim(axis);
        int inner = x.shape().slice(axis + 1, x.shape().rank()).size();
        int batches = x.shape().slice(0, a.batchDims()).size();
        int count = batches == 0 ? 0 : indices.data().length / batches;
        int outers = x.shape().slice(a.batchDims(), axis).size();
        for (int i = 0; i < y.data().length; i++) {
            int outer = i / inner / count; // over batch and the axes between it and the axis
            int at = outer / outers * count + i / inner % count;
            int index = Indexing.checked("gather", (int) indices.get(at), at, size);
            y.data()[i] = x.get((outer * size + index) * inner + i % inner);
        }
    }

    static void change(Indexing.Scatter a, List<Dense> in, Dense y) {
        var indices = in.get(1);
        var updates = in.get(2);
        int axis = y.shape().axis(a.axis(), "scatter");
        int size = y.shape().dim(axis);
        int inner = y.shape().slice(axis + 1, y.shape().rank()).size();
        int count = indices.data().length;
        Index.copy(in.get(0), y);
        for (int i = 0; i < updates.data().length; i++) {
            int at = i / inner % count;
            int index = Indexing.checked("scatter", (int) indices.get(at), at, size);
            int outer = i / inner / count;
            put(a.mode(), y, (outer * size + index) * inner + i % inner, updates.get(i));
        }
    }

    /** Where in {@code x} the element goes that index {@code i} of {@code indices} names. */
    private static int place(String op, int axis, Dense indices, int i, Dense x) {
        var at = Index.unravel(i, indices.shape());
        int k = x.shape().axis(axis, op);
        at[k] = Indexing.checked(op, (int) indices.get(i), i, x.shape().dim(k));
        return Index.ravel(at, x.shape());
    }

    static void put(String mode, Dense y, int at, double v) {
        double old = y.get(at);
        y.data()[at] =
                switch (mode) {
                    case "update" -> v;
                    case "sub" -> old - v;
                    case "mul" -> old * v;
                    case "div" -> old / v;
                    case "max" -> Math.max(old, v);
                    case "min" -> Math.min(old, v);
                    default -> old + v;
                };
    }

    static void pickAlong(Indexing.Gather a, List<Dense> in, Dense y) {
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] =
                    in.get(0).get(place("gather_along_axis", a.axis(), in.get(1), i, in.get(0)));
        }
    }

    static void changeAlong(Indexing.Scatter a, List<Dense> in, Dense y) {
        Index.copy(in.get(0), y);
        for (int i = 0; i < in.get(2).data().length; i++) {
            int to = place("scatter_along_axis", a.axis(), in.get(1), i, y);
            put(a.mode(), y, to, in.get(2).get(i));
        }
    }
}
