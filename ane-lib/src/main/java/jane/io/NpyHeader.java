package jane.io;

import jane.ir.DataException;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * The header of an npy file, checked against the length of the file: magic, version, header length,
 * then a Python dictionary with descr, fortran_order and shape.
 *
 * @param element what one element is in the file
 * @param order byte order in the file
 * @param fortran whether the first axis varies fastest in the file
 */
record NpyHeader(NpyElement element, ByteOrder order, boolean fortran, Shape shape) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER_BYTES = 1 << 16; // a numeric header is about 100 bytes

    /** Bytes of data after the header. */
    long dataBytes() {
        return (long) shape.size() * element.sizeBytes();
    }

    /** What the array is once read. */
    TensorType type() {
        return new TensorType(element.dtype(), shape);
    }

    /** Reads the header and leaves {@code channel} at the first byte of data. */
    static NpyHeader read(Path file, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        long headerBytes = readLength(file, channel);
        if (headerBytes > Math.min(MAX_HEADER_BYTES, fileBytes - channel.position())) {
            throw new DataException(
                    file.toString(),
                    "a header of %d bytes in a file of %d bytes; need a header that fits the file"
                            + " and at most %d",
                    headerBytes,
                    fileBytes,
                    MAX_HEADER_BYTES);
        }
        var text = ByteBuffer.allocate((int) headerBytes);
        readFully(file, channel, text);
        var dictionary = new NpyDict(file, StandardCharsets.UTF_8.decode(text.flip()).toString());
        return of(file, dictionary, fileBytes - channel.position());
    }

    /** Fills {@code buffer} from {@code channel}. */
    static void readFully(Path file, FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new DataException(
                        file.toString(),
                        "the file ends %d bytes early; need a whole npy file",
                        buffer.remaining());
            }
        }
    }

    /** A version 1 header for {@code type}, padded so that the data starts at a multiple of 64. */
    static ByteBuffer encode(TensorType type) {
        var dims = type.shape().toList();
        var shape =
                dims.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + (dims.size() == 1 ? "," : "");
        var text =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                        .formatted(NpyElement.of(type.dtype()).descr(), shape);
        int prefix = MAGIC.length + 4;
        int total = (prefix + text.length() + 1 + 63) / 64 * 64;
        var header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - prefix));
        header.put(text.getBytes(StandardCharsets.US_ASCII));
        while (header.position() < total - 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').flip();
    }

    private static long readLength(Path file, FileChannel channel) throws IOException {
        var start = ByteBuffer.allocate(MAGIC.length + 2).order(ByteOrder.LITTLE_ENDIAN);
        if (channel.size() < start.capacity() + 2) {
            throw new DataException(
                    file.toString(),
                    "%d bytes is too short for an npy file; need 10 or more",
                    channel.size());
        }
        readFully(file, channel, start);
        for (int i = 0; i < MAGIC.length; i++) {
            if (start.get(i) != MAGIC[i]) {
                throw new DataException(
                        file.toString(),
                        "not an npy file: starts with %s; need 93 4e 55 4d 50 59",
                        hex(start.array(), MAGIC.length));
            }
        }
        int version = start.get(MAGIC.length);
        if (version < 1 || version > 3) {
            throw new DataException(
                    file.toString(), "npy version %d; need 1, 2 or 3", version & 0xff);
        }
        var length = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
        readFully(file, channel, length);
        return version == 1 ? length.getShort(0) & 0xffffL : length.getInt(0) & 0xffffffffL;
    }

    private static NpyHeader of(Path file, NpyDict dictionary, long dataBytes) {
        var descr = dictionary.string("descr");
        var element = NpyElement.ofDescr(file, descr);
        var dims = dictionary.dims("shape");
        var needed = BigInteger.valueOf(element.sizeBytes());
        for (int dim : dims) {
            needed = needed.multiply(BigInteger.valueOf(dim));
        }
        if (!needed.equals(BigInteger.valueOf(dataBytes))) {
            throw new DataException(
                    file.toString(),
                    "%d bytes of data for '%s' of shape %s; need %d",
                    dataBytes,
                    descr,
                    dims,
                    needed);
        }
        if (dataBytes > Integer.MAX_VALUE - 8) { // the longest array on any JVM
            throw new DataException(
                    file.toString(),
                    "%d bytes of data; need less than 2^31: save the array in parts",
                    dataBytes);
        }
        var order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(element, order, dictionary.bool("fortran_order"), Shape.of(dims));
    }

    private static String hex(byte[] bytes, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append("%02x".formatted(bytes[i]));
        }
        return text.toString();
    }
}
