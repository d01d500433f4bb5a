package jane.engine.cpu;

import java.util.List;

/**
 * {@link CopyKernel} in C ({@code copy.c}): matrices, one for each index of the outer axes. Columns
 * run along the last axis; rows along the axis in which the source lies densely, so that a
 * transposition goes square by square.
 */
final class NativeCopy extends Kernel {
    private static final int AXES = 7;
    private static final int SIZE = 8 * (8 + 3 * AXES);
    private static final int ROW = 8192; // of a copy in one piece, at most
    private static final int GRAIN = 32 * 1024; // elements of a task, about

    private final String why;
    private final View from;
    private final View to;
    private final Block block = new Block(SIZE);
    private final long units;
    private final long unitsPerTask;

    private NativeCopy(String why, View from, View to, Axes axes) {
        super(List.of(from), List.of(to));
        this.why = why;
        this.from = from;
        this.to = to;
        axes.write(block, from.dtype.sizeBytes());
        units = KernelLibrary.size(KernelLibrary.jane_copy_units(block.address()));
        unitsPerTask = Math.max(1, units * GRAIN / Math.max(1, to.size()));
    }

    /** As {@link CopyKernel}, or the Java kernel where the views have too many axes. */
    static Kernel of(String why, View from, View to) {
        var axes = new Axes(from, to);
        boolean fits = axes.count <= AXES + 2 && to.size() > 0;
        return fits ? new NativeCopy(why, from, to, axes) : new CopyKernel(why, from, to);
    }

    @Override
    String describe() {
        return "copy     " + why;
    }

    @Override
    void run() {
        share((int) ((units + unitsPerTask - 1) / unitsPerTask), to.size() / 2);
    }

    @Override
    public void run(int task, int worker) {
        long begin = task * unitsPerTask;
        KernelLibrary.check(
                KernelLibrary.jane_copy_run(
                        block.address(),
                        memory().address(from),
                        memory().address(to),
                        begin,
                        Math.min(units, begin + unitsPerTask)));
    }

    /** The axes of both views, those merged that follow one another in both. */
    private static final class Axes {
        private final int[] dims;
        private final int[] source;
        private final int[] target;
        private int count;

        Axes(View from, View to) {
            dims = new int[to.rank() + 2];
            source = new int[to.rank() + 2];
            target = new int[to.rank() + 2];
            for (int i = 0; i < to.rank(); i++) {
                if (to.dims[i] != 1) {
                    add(to.dims[i], from.strides[i], to.strides[i]);
                }
            }
            if (count == 1) {
                split();
            }
            while (count < 2) {
                dims[count++] = 1;
            }
            if (source[count - 1] != 1) {
                rowsAlongTheSource();
            }
        }

        private void add(int dim, int from, int to) {
            int last = count - 1;
            if (count > 0 && source[last] == from * dim && target[last] == to * dim) {
                dims[last] *= dim;
            } else {
                dims[count++] = dim;
                last++;
            }
            source[last] = from;
            target[last] = to;
        }

        /** One axis into two, for several threads; not if its length has no fit divisor. */
        private void split() {
            int columns = ROW;
            while (dims[0] % columns != 0) {
                columns--;
            }
            dims[1] = columns;
            dims[0] /= columns;
            source[1] = source[0];
            target[1] = target[0];
            source[0] *= columns;
            target[0] *= columns;
            count = 2;
        }

        private void rowsAlongTheSource() {
            for (int i = 0; i < count - 1; i++) {
                if (Math.abs(source[i]) == 1) {
                    swap(dims, i);
                    swap(source, i);
                    swap(target, i);
                    return;
                }
            }
        }

        private void swap(int[] values, int i) {
            int value = values[i];
            values[i] = values[count - 2];
            values[count - 2] = value;
        }

        void write(Block block, int size) {
            int rows = count - 2;
            int columns = count - 1;
            block.put((long) size).put((long) dims[rows]).put((long) dims[columns]);
            block.put((long) source[rows]).put((long) source[columns]);
            block.put((long) target[rows]).put((long) target[columns]);
            block.put((long) rows);
            for (var values : new int[][] {dims, source, target}) {
                for (int i = 0; i < AXES; i++) {
                    block.put(i < rows ? (long) values[i] : 0L);
                }
            }
        }
    }
}
