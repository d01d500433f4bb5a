package jane.io;

import jane.ir.DataException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Named tensors and a few strings in one file: the length of a JSON header as 8 little-endian
 * bytes, the header, then the tensors, dense and row-major, one after the other.
 *
 * <p>Element types: fp16, fp32, int8, uint8, int16, uint16, int32, bool.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file, when it is missing or cut short, when
 * its header is not of this form or disagrees with the length of the file, or when tensors overlap
 * or leave holes. Nothing is allocated before that is checked.
 *
 * <p><b>Source.</b> The safetensors format, huggingface/safetensors.
 *
 * <pre>{@code
 * var out = new Safetensors();
 * out.put("weight", type, bytes);
 * out.write(Path.of("model.safetensors"));
 * }</pre>
 */
public final class Safetensors {
    private final Map<String, TensorType> types = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> contents = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** Without tensors. */
    public Safetensors() {}

    /** Reads a whole file. */
    public static Safetensors read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "no such file; need a safetensors file");
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var header = SafetensorsHeader.read(file, channel);
            var result = new Safetensors();
            result.metadata.putAll(header.metadata());
            for (var entry : header.entries()) {
                var bytes = ByteBuffer.allocate((int) entry.type().sizeBytes());
                SafetensorsHeader.readFully(file, channel, bytes);
                result.types.put(entry.name(), entry.type());
                result.contents.put(entry.name(), bytes.flip());
            }
            return result;
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot read: %s", e);
        }
    }

    /**
     * Adds a tensor.
     *
     * @param data dense little-endian bytes of just the type's size; read when the file is written
     */
    public Safetensors put(String name, TensorType type, ByteBuffer data) {
        if (data.remaining() != type.sizeBytes()) {
            throw new ShapeException(
                    name, "%d bytes for %s; need %d", data.remaining(), type, type.sizeBytes());
        }
        if (name.equals(SafetensorsHeader.METADATA) || types.containsKey(name)) {
            throw new DataException(
                    "safetensors", "'%s' is taken; need another name for a tensor", name);
        }
        types.put(name, type);
        contents.put(name, data.slice());
        return this;
    }

    /** Adds a string. */
    public Safetensors note(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Writes everything through {@link AtomicFile}; the folder must exist. */
    public void write(Path file) {
        // Large elements first, so that each tensor is aligned to its element.
        var names = new ArrayList<>(types.keySet());
        names.sort(Comparator.comparingInt(n -> -types.get(n).dtype().sizeBytes()));
        var header = SafetensorsHeader.encode(names, types, metadata);
        AtomicFile.write(
                file,
                channel -> {
                    AtomicFile.writeFully(channel, header);
                    for (var name : names) {
                        AtomicFile.writeFully(channel, contents.get(name));
                    }
                });
    }

    /** Names of the tensors, in order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(types.keySet());
    }

    /** Element type and shape of a tensor. */
    public TensorType type(String name) {
        return types.get(require(name));
    }

    /** The elements of a tensor, dense and row-major: read-only, little-endian, from position 0. */
    public ByteBuffer data(String name) {
        var bytes = contents.get(require(name));
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private String require(String name) {
        if (!types.containsKey(name)) {
            throw new DataException(
                    "safetensors", "no tensor '%s'; need one of %s", name, types.keySet());
        }
        return name;
    }

    /** The strings by key. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public String toString() {
        return "safetensors, " + types.size() + " tensors";
    }
}
