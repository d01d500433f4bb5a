package jane.mil;

import jane.ir.ShapeException;
import jane.ir.TensorType;

/** Refuses what would not fit a buffer, before it is allocated. */
final class Memory {
    private Memory() {}

    static void check(String where, TensorType type) {
        if (type.shape().size() > Limits.ELEMENTS || type.sizeBytes() > Integer.MAX_VALUE) {
            throw new ShapeException(
                    where, "a result of %s, %d bytes; need below 2 GiB", type, type.sizeBytes());
        }
    }
}
