package jane.mil;

import jane.ir.ConstData;
import jane.ir.JaneException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects constants for one blob file, storage version 2: 64-aligned, equal constants once.
 *
 * <p><b>Errors.</b> A bool constant, or more than 2 GiB in one file, is a {@link JaneException}.
 */
public final class BlobWriter {
    private record Placed(StoredTensor data, long offset) {}

    private final List<Placed> blobs = new ArrayList<>();
    private final Map<StoredTensor, Long> offsets = new HashMap<>();
    private long end = BlobType.ALIGNMENT;

    /** Adds a constant; the result is the offset MIL text refers to, that of its metadata. */
    public long add(ConstData data) {
        return add(StoredTensor.of(data));
    }

    /** As above, for any type that can be stored. */
    public long add(StoredTensor data) {
        var known = offsets.get(data);
        if (known != null) {
            return known;
        }
        long offset = BlobType.align(end);
        end = offset + BlobType.ALIGNMENT + data.bytes().remaining();
        if (BlobType.align(end) > Integer.MAX_VALUE) {
            throw new JaneException(
                    "blob",
                    "weights of %d bytes and more; need less than 2 GiB in a program: split it,"
                            + " or make weights inputs",
                    end);
        }
        blobs.add(new Placed(data, offset));
        offsets.put(data, offset);
        return offset;
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
        return blobs.isEmpty();
    }

    /** The file: header, then each constant in the order it was added. */
    public ByteBuffer bytes() {
        var file = ByteBuffer.allocate((int) BlobType.align(end)).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, blobs.size()).putInt(4, BlobType.VERSION);
        for (var blob : blobs) {
            int at = (int) blob.offset();
            var type = blob.data().type();
            var payload = blob.data().bytes();
            int size = payload.remaining();
            file.putInt(at, BlobType.SENTINEL).putInt(at + 4, type.code());
            file.putLong(at + 8, size);
            file.putLong(at + 16, at + BlobType.ALIGNMENT);
            if (type.bits() < Byte.SIZE) {
                file.putLong(at + 24, 8L * size - (long) type.bits() * blob.data().shape().size());
            }
            file.put(at + BlobType.ALIGNMENT, payload, 0, size);
        }
        return file;
    }
}
