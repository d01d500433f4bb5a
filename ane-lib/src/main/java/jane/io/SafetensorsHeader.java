package jane.io;

import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of a safetensors file, checked against the length of the file.
 *
 * @param entries the tensors in the order of their bytes, without holes from first to last
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    /** The key that is no tensor. */
    static final String METADATA = "__metadata__";

    private static final int MOST_BYTES = 100_000_000; // the format's own limit
    private static final int ALIGNMENT = 8;
    private static final Map<String, DType> DTYPES =
            Map.of(
                    "F32", DType.FP32,
                    "F16", DType.FP16,
                    "I32", DType.INT32,
                    "I16", DType.INT16,
                    "U16", DType.UINT16,
                    "I8", DType.INT8,
                    "U8", DType.UINT8,
                    "BOOL", DType.BOOL);

    /** One tensor. */
    record Entry(String name, TensorType type, long begin) {}

    /** Reads the header and leaves {@code channel} at the first byte of data. */
    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (fileBytes < length.capacity()) {
            throw new DataException(
                    file.toString(),
                    "%d bytes is too short for a safetensors file; need 10 or more",
                    fileBytes);
        }
        readFully(file, channel, length);
        long headerBytes = length.getLong(0);
        long room = Math.min(MOST_BYTES, fileBytes - Long.BYTES);
        if (headerBytes < 2 || headerBytes > room) {
            throw new DataException(
                    file.toString(),
                    "a header of %s bytes in a file of %d; need a safetensors file, whose header is"
                            + " 2 to %d bytes",
                    Long.toUnsignedString(headerBytes),
                    fileBytes,
                    room);
        }
        var bytes = ByteBuffer.allocate((int) headerBytes);
        readFully(file, channel, bytes);
        var json = new SafetensorsJson(file, text(file, bytes.flip())).parse();
        return of(file, json, fileBytes - channel.position());
    }

    private static String text(Path file, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new DataException(e, file.toString(), "the header is not UTF-8; need JSON");
        }
    }

    private static SafetensorsHeader of(
            Path file, Map<String, Map<String, Object>> json, long dataBytes) {
        var entries = new ArrayList<Entry>();
        var metadata = new LinkedHashMap<String, String>();
        json.forEach(
                (name, fields) -> {
                    if (name.equals(METADATA)) {
                        fields.forEach((key, value) -> metadata.put(key, string(file, key, value)));
                    } else {
                        entries.add(entry(file, name, fields, dataBytes));
                    }
                });
        entries.sort(
                Comparator.comparingLong(Entry::begin)
                        .thenComparingLong(e -> e.type().sizeBytes()));
        long end = 0;
        for (var entry : entries) {
            if (entry.begin() != end) {
                throw new DataException(
                        file.toString(),
                        "tensor '%s' begins at byte %d of the data; need %d: no holes, no overlap",
                        entry.name(),
                        entry.begin(),
                        end);
            }
            end += entry.type().sizeBytes();
        }
        if (end != dataBytes) {
            throw new DataException(
                    file.toString(),
                    "%d bytes of data for tensors of %d; need a whole safetensors file",
                    dataBytes,
                    end);
        }
        return new SafetensorsHeader(List.copyOf(entries), metadata);
    }

    private static Entry entry(Path file, String name, Map<String, Object> fields, long dataBytes) {
        if (!fields.keySet().equals(Set.of("dtype", "shape", "data_offsets"))) {
            throw new DataException(
                    file.toString(),
                    "tensor '%s' has the fields %s; need dtype, shape and data_offsets",
                    name,
                    fields.keySet());
        }
        var code = string(file, name, fields.get("dtype"));
        var dtype = DTYPES.get(code);
        if (dtype == null) {
            throw new DataException(
                    file.toString(),
                    "tensor '%s' is of type '%s'; need one of F32, F16, I32, I16, U16, I8, U8,"
                            + " BOOL",
                    name,
                    code);
        }
        var dims = numbers(file, name, fields.get("shape"));
        var offsets = numbers(file, name, fields.get("data_offsets"));
        if (offsets.size() != 2) {
            throw new DataException(
                    file.toString(),
                    "tensor '%s' has data_offsets %s; need [begin, end]",
                    name,
                    offsets);
        }
        long bytes = sizeBytes(dims, dtype);
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (bytes < 0 || end > dataBytes || end - begin != bytes) {
            throw new DataException(
                    file.toString(),
                    "tensor '%s', %s of shape %s, is at bytes %d to %d of %d; need %s bytes within",
                    name,
                    code,
                    dims,
                    begin,
                    end,
                    dataBytes,
                    bytes < 0 ? "less than 2^31" : bytes);
        }
        var shape = Shape.of(dims.stream().map(Long::intValue).toList());
        return new Entry(name, new TensorType(dtype, shape), begin);
    }

    /** Bytes of a tensor, or -1 if no buffer can hold them. */
    private static long sizeBytes(List<Long> dims, DType dtype) {
        if (dims.contains(0L)) {
            return dims.stream().allMatch(d -> d <= Integer.MAX_VALUE) ? 0 : -1;
        }
        long bytes = dtype.sizeBytes();
        for (long dim : dims) {
            if (dim > Integer.MAX_VALUE / bytes) {
                return -1;
            }
            bytes *= dim;
        }
        return bytes;
    }

    private static String string(Path file, String name, Object value) {
        if (value instanceof String s) {
            return s;
        }
        throw new DataException(file.toString(), "'%s' holds %s; need a string", name, value);
    }

    private static List<Long> numbers(Path file, String name, Object value) {
        if (!(value instanceof List<?> list)) {
            throw new DataException(
                    file.toString(), "tensor '%s' holds %s; need a list of numbers", name, value);
        }
        return list.stream().map(Long.class::cast).toList();
    }

    /** Length and header, padded with spaces so that the data is aligned. */
    static ByteBuffer encode(
            List<String> names, Map<String, TensorType> types, Map<String, String> metadata) {
        var parts = new ArrayList<String>();
        if (!metadata.isEmpty()) {
            var notes = new ArrayList<String>();
            metadata.forEach(
                    (k, v) ->
                            notes.add(SafetensorsJson.quoted(k) + ":" + SafetensorsJson.quoted(v)));
            parts.add("\"" + METADATA + "\":{" + String.join(",", notes) + "}");
        }
        long at = 0;
        for (var name : names) {
            var type = types.get(name);
            long end = at + type.sizeBytes();
            parts.add(
                    SafetensorsJson.quoted(name)
                            + ":{\"dtype\":\""
                            + code(type.dtype())
                            + "\",\"shape\":"
                            + type.shape().toString().replace(" ", "")
                            + ",\"data_offsets\":["
                            + at
                            + ","
                            + end
                            + "]}");
            at = end;
        }
        var text = ("{" + String.join(",", parts) + "}").getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        var out = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(text);
        while (out.hasRemaining()) {
            out.put((byte) ' ');
        }
        return out.flip();
    }

    private static String code(DType dtype) {
        return DTYPES.entrySet().stream()
                .filter(e -> e.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** Fills {@code buffer} from {@code channel}. */
    static void readFully(Path file, FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new DataException(
                        file.toString(),
                        "the file ends %d bytes early; need a whole safetensors file",
                        buffer.remaining());
            }
        }
    }
}
