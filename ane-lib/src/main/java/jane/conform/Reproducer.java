package jane.conform;

import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.Dense;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One program with inputs and the outputs it must give, as JSON: {@code mil}, {@code files} in
 * base64 by path, {@code inputs} and {@code expected} by name, each with {@code type}, {@code
 * shape}, {@code values}; for each expected value a {@code slack}, by how much it may be off, null
 * where it is not judged.
 *
 * <p><b>Errors.</b> {@link DataException} for a file that cannot be read or is no reproducer.
 */
public final class Reproducer {
    private static final int LARGEST_FILE = 64 << 20;

    private final Program program;
    private final Map<String, Dense> inputs;
    private final Map<String, Expected> expected;

    private Reproducer(Program program, Map<String, Dense> inputs, Map<String, Expected> expected) {
        this.program = program;
        this.inputs = inputs;
        this.expected = expected;
    }

    static Reproducer of(
            Program program, Map<String, Dense> inputs, Map<String, Expected> expected) {
        return new Reproducer(program, inputs, expected);
    }

    /** Reads a file that {@link #write} wrote. */
    public static Reproducer read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new DataException(
                        file.toString(),
                        "%d bytes; need at most %d",
                        Files.size(file),
                        LARGEST_FILE);
            }
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot read: %s", e);
        }
    }

    /**
     * Reads JSON.
     *
     * @param where names the text in errors
     */
    public static Reproducer parse(String where, String json) {
        var all = Json.object(where, json);
        if (!(all.get("mil") instanceof String mil)) {
            throw new DataException(where, "no \"mil\"; need the program's text");
        }
        try {
            var files = new LinkedHashMap<String, ByteBuffer>();
            part(where, all, "files")
                    .forEach(
                            (path, bytes) ->
                                    files.put(
                                            path.toString(),
                                            ByteBuffer.wrap(
                                                    Base64.getDecoder().decode(bytes.toString()))));
            var inputs = new LinkedHashMap<String, Dense>();
            part(where, all, "inputs")
                    .forEach((name, t) -> inputs.put(name.toString(), dense(where, t)));
            var expected = new LinkedHashMap<String, Expected>();
            part(where, all, "expected")
                    .forEach(
                            (name, t) -> {
                                var slack = numbers(where, ((Map<?, ?>) t).get("slack"));
                                expected.put(name.toString(), new Expected(dense(where, t), slack));
                            });
            return new Reproducer(new Program(mil, files, Map.of()), inputs, expected);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new DataException(e, where, "not a reproducer: %s", e.getMessage());
        }
    }

    private static Map<?, ?> part(String where, Map<?, ?> all, String name) {
        if (all.get(name) instanceof Map<?, ?> map) {
            return map;
        }
        throw new DataException(where, "no \"%s\"; need an object", name);
    }

    private static Dense dense(String where, Object json) {
        var map = (Map<?, ?>) json;
        double[] dims = numbers(where, map.get("shape"));
        var shape = Shape.of(Arrays.stream(dims).mapToInt(d -> (int) d).toArray());
        var type = new TensorType(DType.ofMil(String.valueOf(map.get("type"))), shape);
        return Dense.of(type, numbers(where, map.get("values")));
    }

    private static double[] numbers(String where, Object json) {
        if (!(json instanceof List<?> list)) {
            throw new DataException(where, "found %s; need a list of numbers", json);
        }
        return list.stream()
                .mapToDouble(x -> x instanceof Double d ? d : Double.parseDouble(x.toString()))
                .toArray();
    }

    /** The program. */
    public Program program() {
        return program;
    }

    Map<String, Dense> inputs() {
        return inputs;
    }

    Map<String, Expected> expected() {
        return expected;
    }

    /** Writes the JSON, with what the reader should know of the failure in front. */
    public void write(Path file, Failure failure, String engine) {
        try {
            Files.writeString(file, json(failure, engine));
        } catch (IOException e) {
            throw new JaneException(e, file.toString(), "cannot write: %s", e);
        }
    }

    /** The JSON of a failure's reproducer. */
    String json(Failure failure, String engine) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("engine", Json.quoted(engine));
        fields.put("kind", Json.quoted(failure.kind().name()));
        fields.put("variant", Json.quoted(failure.variant()));
        fields.put("message", Json.quoted(failure.message()));
        fields.put("seed", Json.quoted(Long.toString(failure.seed())));
        fields.put("graph", Json.quoted(Long.toString(failure.graph())));
        fields.put("mil", Json.quoted(program.text()));
        fields.put("files", object(program.files(), Reproducer::base64));
        fields.put("inputs", object(inputs, d -> "{" + tensor(d) + "}"));
        fields.put(
                "expected",
                object(
                        expected,
                        e -> "{" + tensor(e.values()) + ", \"slack\": " + slack(e.slack()) + "}"));
        return fields.entrySet().stream()
                .map(f -> "  " + Json.quoted(f.getKey()) + ": " + f.getValue())
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    private static String base64(ByteBuffer bytes) {
        var copy = new byte[bytes.duplicate().rewind().remaining()];
        bytes.duplicate().rewind().get(copy);
        return Json.quoted(Base64.getEncoder().encodeToString(copy));
    }

    private static <T> String object(
            Map<String, T> map, java.util.function.Function<T, String> json) {
        return map.entrySet().stream()
                .map(e -> Json.quoted(e.getKey()) + ": " + json.apply(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String tensor(Dense dense) {
        return "\"type\": "
                + Json.quoted(dense.type().dtype().mil())
                + ", \"shape\": "
                + dense.shape().toList()
                + ", \"values\": "
                + list(dense.data());
    }

    private static String list(double[] numbers) {
        return Arrays.stream(numbers)
                .mapToObj(Json::number)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String slack(double[] slack) {
        return Arrays.stream(slack)
                .mapToObj(s -> Double.isNaN(s) ? "null" : Json.number(s))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
