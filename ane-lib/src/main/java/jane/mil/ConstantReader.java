package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** From a literal's syntax to its contents, reading blob files where the text refers to them. */
final class ConstantReader {
    /** Where MIL text says its folder is. */
    static final String MODEL_PATH = "@model_path/";

    private final Source source;
    private final Map<String, ByteBuffer> files;
    private final Map<String, BlobReader> readers = new HashMap<>();

    ConstantReader(Source source, Map<String, ByteBuffer> files) {
        this.source = source;
        this.files = files;
    }

    Constant read(Syntax.Literal literal) {
        if (literal.type() instanceof Syntax.Text) {
            return text(literal);
        }
        if (!(literal.type() instanceof Syntax.Tensor tensor)) {
            throw source.error(
                    literal.offset(),
                    "a value of type %s; need string, bool, fp16, fp32, int8, uint8, int16, uint16"
                            + " or int32",
                    literal.type());
        }
        var type = tensor.type();
        if (literal.payload() instanceof Syntax.Scalar scalar) {
            return scalar(scalar.word(), type);
        }
        if (literal.payload() instanceof Syntax.Elements elements) {
            return new Constant.Data(ConstData.ofBytes(type, elements.bytes()), Optional.empty());
        }
        if (literal.payload() instanceof Syntax.Blob blob) {
            return new Constant.Data(blob(blob, type), Optional.empty());
        }
        throw source.error(literal.offset(), "no value for %s", type);
    }

    private Constant text(Syntax.Literal literal) {
        if (literal.payload() instanceof Syntax.Scalar s && s.word().is(Token.Kind.STRING)) {
            return new Constant.Text(s.word().text());
        }
        throw source.error(literal.offset(), "a string needs its text in quotes");
    }

    private Constant scalar(Token word, TensorType type) {
        if (type.shape().size() != 1) {
            throw source.error(
                    word.offset(),
                    "one value %s for %s; need a list of %d",
                    word,
                    type,
                    type.shape().size());
        }
        var bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var problem =
                word.is(Token.Kind.STRING)
                        ? Optional.of("need no quotes")
                        : Numbers.put(bytes, type.dtype(), word.text());
        if (problem.isPresent()) {
            throw source.error(word.offset(), "%s is no %s; %s", word, type.dtype(), problem.get());
        }
        return new Constant.Data(ConstData.ofBytes(type, bytes.flip()), Optional.of(word.text()));
    }

    private ConstData blob(Syntax.Blob blob, TensorType type) {
        if (type.dtype() == DType.BOOL) {
            throw source.error(
                    blob.path().offset(), "%s in a blob; need it inline: no blob is bool", type);
        }
        String path = path(source, blob);
        var file = files.get(path);
        if (file == null) {
            throw source.error(
                    blob.path().offset(),
                    "no weight file '%s'; need one of %s",
                    path,
                    files.keySet());
        }
        var offset = Numbers.integer(blob.offset().text()).orElseThrow();
        long at = offset.bitLength() < Long.SIZE ? offset.longValue() : Long.MAX_VALUE;
        try {
            return readers.computeIfAbsent(path, p -> new BlobReader(p, file)).read(at, type);
        } catch (DataException e) {
            throw source.error(e, blob.offset().offset(), "%s", e.getMessage());
        }
    }

    /** The blob's path below the model folder. */
    static String path(Source source, Syntax.Blob blob) {
        String path = blob.path().text();
        if (!path.startsWith(MODEL_PATH) || path.length() == MODEL_PATH.length()) {
            throw source.error(
                    blob.path().offset(), "path '%s'; need one below @model_path/", path);
        }
        return path.substring(MODEL_PATH.length());
    }
}
