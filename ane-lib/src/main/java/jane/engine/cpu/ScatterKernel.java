package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * Adds slices of updates to those of data along one axis. Every slice of the result is computed
 * whole, its updates in the order of the indices, so that threads share no memory and the sum is
 * the same on any number of them.
 */
final class ScatterKernel extends Kernel {
    private static final int SUM = 0;
    private static final int UPDATE = 1;

    private final Indices indices;
    private final int size; // of the axis
    private final int inner; // elements of one slice that follow one another
    private final int slices;
    private final Reader data;
    private final Reader updates;
    private final Writer writer;
    private final int[] starts; // where in order the updates of each index begin
    private final int[] order; // positions of updates, sorted by index

    ScatterKernel(View data, View indices, View updates, View y, int axis) {
        super(List.of(data, indices, updates), List.of(y));
        size = data.dims[axis];
        this.indices = new Indices("scatter", indices, size);
        int product = 1;
        for (int i = axis + 1; i < data.rank(); i++) {
            product *= data.dims[i];
        }
        inner = product;
        slices = inner == 0 ? 0 : y.size() / inner;
        this.data = new Reader(data);
        this.updates = new Reader(updates);
        writer = new Writer(y);
        starts = new int[size + 1];
        order = new int[this.indices.count()];
    }

    @Override
    String describe() {
        return "scatter  " + indices.count() + " into " + size;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(2, inner);
        needs.reserveDoubles(inner);
    }

    @Override
    void run() {
        if (slices > 0) {
            sort(indices.read(memory()));
            share(slices, (long) slices * inner + (long) order.length * inner);
        }
    }

    /** By counting, which keeps the order of equal indices. */
    private void sort(int[] index) {
        Arrays.fill(starts, 0);
        for (int i : index) {
            starts[i + 1]++;
        }
        for (int i = 0; i < size; i++) {
            starts[i + 1] += starts[i];
        }
        for (int i = index.length - 1; i >= 0; i--) {
            order[--starts[index[i] + 1]] = i;
        }
        // Now starts[i + 1] is where the updates of i begin; shift to starts[i].
        System.arraycopy(starts, 1, starts, 0, size);
        starts[size] = order.length;
    }

    @Override
    public void run(int task, int worker) {
        int outer = task / size;
        int index = task % size;
        var row = rows(worker)[SUM];
        data.load(memory(), task * inner, inner, row, 0);
        if (starts[index] < starts[index + 1]) {
            add(outer, index, row, rows(worker)[UPDATE], doubles(worker));
        }
        writer.store(memory(), task * inner, inner, row, 0);
    }

    private void add(int outer, int index, float[] row, float[] update, double[] sum) {
        for (int k = 0; k < inner; k++) {
            sum[k] = row[k];
        }
        for (int i = starts[index]; i < starts[index + 1]; i++) {
            updates.load(memory(), (outer * order.length + order[i]) * inner, inner, update, 0);
            for (int k = 0; k < inner; k++) {
                sum[k] += update[k];
            }
        }
        for (int k = 0; k < inner; k++) {
            row[k] = (float) sum[k];
        }
    }
}
