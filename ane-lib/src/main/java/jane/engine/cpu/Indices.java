package jane.engine.cpu;

import jane.op.Indexing;

/** Reads the int32 indices of a gather or scatter and refuses those outside of the axis. */
final class Indices {
    private final String op;
    private final int size;
    private final int storage;
    private final Nest nest;
    private final int[] values;

    /** Indices into an axis of {@code size}. */
    Indices(String op, View indices, int size) {
        this.op = op;
        this.size = size;
        storage = indices.storage.id;
        nest = new Nest(indices);
        values = new int[indices.size()];
    }

    /** How many there are. */
    int count() {
        return values.length;
    }

    /** The indices of this run; the array is the same every time. */
    int[] read(Memory memory) {
        var bytes = memory.bytes(storage);
        for (int i = 0; i < values.length; i++) {
            int at = nest.row(i / nest.inner) + i % nest.inner * nest.step;
            values[i] = Indexing.checked(op, bytes.getInt(4 * at), i, size);
        }
        return values;
    }
}
