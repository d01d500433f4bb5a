package jane.engine.cpu;

/** The axes of a product before the last two: one matrix for each index of them. */
final class Batch {
    /** Multiplications that are worth a task. */
    private static final long TASK = 1 << 18;

    private Batch() {}

    /** How many matrices a view has. */
    static int count(View v) {
        int count = 1;
        for (int i = 0; i < v.rank() - 2; i++) {
            count *= v.dims[i];
        }
        return count;
    }

    /** Elements from the first matrix of {@code v}, stretched over those of {@code c}, to each. */
    static long[] offsets(View v, View c) {
        var offsets = new long[count(c)];
        for (int g = 0; g < offsets.length; g++) {
            int rest = g;
            for (int i = c.rank() - 3; i >= 0; i--) {
                int axis = i - (c.rank() - v.rank());
                if (axis >= 0 && v.dims[axis] > 1) {
                    offsets[g] += (long) (rest % c.dims[i]) * v.strides[axis];
                }
                rest /= c.dims[i];
            }
        }
        return offsets;
    }

    /** How many products go together into a task, if one takes {@code work} multiplications. */
    static int together(long work) {
        return (int) Math.max(1, TASK / Math.max(1, work));
    }
}
