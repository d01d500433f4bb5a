package jane.mil;

import jane.ir.ConstData;
import jane.ir.DataException;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;

/**
 * Reads constants from a blob file, storage version 2, by the offsets of their metadata. Reserved
 * fields and the count are not judged: older tools leave junk in the first and 1 in the second.
 *
 * <p><b>Errors.</b> {@link DataException} with file, offset, what was found and what is needed.
 * Sizes are checked against the file before anything is allocated; blobs that share bytes are
 * refused by the second read. Not for several threads at once.
 */
public final class BlobReader {
    /** Bytes of one blob: its metadata or its payload. */
    private record Region(int start, int end, int owner) {}

    private final String name;
    private final ByteBuffer file;

    /** What was read, by its start. */
    private final TreeMap<Integer, Region> regions = new TreeMap<>();

    /**
     * Checks the header.
     *
     * @param name the file's name, for errors
     * @param file its contents from position 0
     */
    public BlobReader(String name, ByteBuffer file) {
        this.name = name;
        this.file = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (file.limit() < BlobType.ALIGNMENT) {
            throw error("%d bytes long; need a header of 64 bytes at least", file.limit());
        }
        int version = this.file.getInt(4);
        if (version != BlobType.VERSION) {
            throw error(
                    "storage version %s; need version 2, as tools for iOS 15 and later write",
                    Integer.toUnsignedString(version));
        }
    }

    /**
     * The constant whose metadata stands at {@code offset}.
     *
     * @param type what the text declares
     */
    public ConstData read(long offset, TensorType type) {
        var stored = BlobType.of(type.dtype());
        int code = stored.map(BlobType::code).orElse(0);
        return ConstData.ofBytes(type, payload(offset, code, type.sizeBytes(), type.toString()));
    }

    /**
     * As above, for any type that can be stored.
     *
     * @param type the element type the text declares
     * @param shape the shape the text declares
     */
    public StoredTensor read(long offset, BlobType type, Shape shape) {
        long size = type.sizeBytes(shape.size());
        String name = StoredTensor.name(type, shape);
        return StoredTensor.ofBytes(type, shape, payload(offset, type.code(), size, name));
    }

    private ByteBuffer payload(long offset, int code, long need, String type) {
        if (file.limit() < 2 * BlobType.ALIGNMENT) {
            throw error(
                    "%d bytes long, and a blob's metadata wanted at %s; need 128 bytes or more",
                    file.limit(), Long.toUnsignedString(offset));
        }
        if (offset < BlobType.ALIGNMENT || offset > file.limit() - BlobType.ALIGNMENT) {
            throw error(
                    "no metadata at offset %s: the file has %d bytes; need an offset from 64 to %d",
                    Long.toUnsignedString(offset), file.limit(), file.limit() - BlobType.ALIGNMENT);
        }
        int at = (int) offset;
        checkMetadata(at, code, type);
        long size = file.getLong(at + 8);
        if (size != need) {
            throw error(
                    "the blob at offset %d has %s bytes; need %d for %s",
                    at, Long.toUnsignedString(size), need, type);
        }
        long payload = file.getLong(at + 16);
        if (payload < BlobType.ALIGNMENT || payload > file.limit() - size) {
            throw error(
                    "the blob at offset %d has its %d bytes at %s; need them inside the file's %d"
                            + " bytes",
                    at, size, Long.toUnsignedString(payload), file.limit());
        }
        claim(at, at + BlobType.ALIGNMENT, at);
        claim((int) payload, (int) (payload + size), at);
        return file.slice((int) payload, (int) size);
    }

    /** Marks bytes as the blob's own. Regions never overlap, so the last before the end decides. */
    private void claim(int start, int end, int owner) {
        if (start == end) {
            return;
        }
        var region = new Region(start, end, owner);
        var before = regions.lowerEntry(end);
        if (before == null || before.getValue().end() <= start) {
            regions.put(start, region);
        } else if (!before.getValue().equals(region)) {
            throw error(
                    "bytes %d to %d of the blob at offset %d are also the blob's at offset %d; need"
                            + " blobs that do not overlap",
                    start, end, owner, before.getValue().owner());
        }
    }

    private void checkMetadata(int at, int wanted, String type) {
        int sentinel = file.getInt(at);
        if (sentinel != BlobType.SENTINEL) {
            throw error(
                    "no blob at offset %d: found 0x%08X; need 0xDEADBEEF (the offset is that of the"
                            + " metadata, 64 before the first payload)",
                    at, sentinel);
        }
        int code = file.getInt(at + 4);
        if (code != wanted) {
            throw error(
                    "the blob at offset %d has dtype %s; need %s for %s",
                    at, BlobType.describe(code), BlobType.describe(wanted), type);
        }
    }

    private DataException error(String format, Object... args) {
        return new DataException(name, format, args);
    }
}
