package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.JaneException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** From a literal's syntax to its contents, reading blob files where the text refers to them. */
final class ConstantReader {
    private record Place(String path, long offset, Object type) {}

    /** Where MIL text says its folder is. */
    static final String MODEL_PATH = "@model_path/";

    /** What is wrong with bits where they could be taken for those of another type. */
    static final String NO_PATTERN = "need a value, since bit patterns are for fp16 and fp32";

    private final Source source;
    private final Map<String, ByteBuffer> files;
    private final Map<String, BlobReader> readers = new HashMap<>();

    /** What was read: text that names a blob many times costs it once. */
    private final Map<Place, ConstData> dense = new HashMap<>();

    private final Map<Place, StoredTensor> stored = new HashMap<>();

    ConstantReader(Source source, Map<String, ByteBuffer> files) {
        this.source = source;
        this.files = files;
    }

    Constant read(Syntax.Literal literal) {
        if (literal.type() instanceof Syntax.Text) {
            return text(literal);
        }
        if (literal.type() instanceof Syntax.Packed packed) {
            return packed(literal, packed);
        }
        if (literal.type() instanceof Syntax.Wide wide) {
            return wide(literal, wide);
        }
        if (!(literal.type() instanceof Syntax.Tensor tensor)) {
            throw source.error(
                    literal.offset(),
                    "a value of type %s; need string, bool or a number",
                    literal.type());
        }
        var type = tensor.type();
        if (literal.payload() instanceof Syntax.Blob blob) {
            return new Constant.Data(dense(blob, type), Optional.empty());
        }
        return inline(literal, type);
    }

    private Constant.Data inline(Syntax.Literal literal, TensorType type) {
        if (literal.payload() instanceof Syntax.Scalar scalar) {
            return scalar(scalar.word(), type);
        }
        if (literal.payload() instanceof Syntax.Elements elements) {
            return new Constant.Data(ConstData.ofBytes(type, elements.bytes()), Optional.empty());
        }
        throw source.error(literal.offset(), "no value for %s", literal.type());
    }

    private Constant wide(Syntax.Literal literal, Syntax.Wide type) {
        if (literal.payload() instanceof Syntax.Blob blob) {
            throw source.error(
                    blob.path().offset(),
                    "%s in a blob; need it inline, or int32: no blob is %s",
                    type,
                    type.element());
        }
        if (literal.payload() instanceof Syntax.Scalar scalar) {
            type.problem(scalar.word().text())
                    .ifPresent(
                            need -> {
                                throw source.error(
                                        scalar.word().offset(),
                                        "%s is no %s; %s",
                                        scalar.word(),
                                        type.element(),
                                        need);
                            });
        }
        return inline(literal, type.carrier());
    }

    /** A uint32 is at home among values too, as far as int32 goes. */
    private Constant packed(Syntax.Literal literal, Syntax.Packed type) {
        boolean plain = type.type() == BlobType.UINT32;
        if (literal.payload() instanceof Syntax.Scalar scalar
                && !type.type().isInt()
                && Numbers.isPattern(scalar.word().text())) {
            throw source.error(
                    scalar.word().offset(), "%s is no %s; %s", scalar.word(), type, NO_PATTERN);
        }
        if (literal.payload() instanceof Syntax.Blob blob) {
            var stored = stored(blob, type);
            return plain ? widened(stored, literal.offset()) : new Constant.Packed(stored);
        }
        var inline = inline(literal, type.carrier());
        try {
            var stored = StoredTensor.of(type.type(), type.shape(), inline.data().dense().data());
            return plain ? inline : new Constant.Packed(stored);
        } catch (JaneException e) {
            throw source.error(e, literal.offset(), "%s", e.getMessage());
        }
    }

    private Constant widened(StoredTensor stored, int offset) {
        try {
            return new Constant.Data(stored.widened(), Optional.empty());
        } catch (JaneException e) {
            throw source.error(e, offset, "%s", e.getMessage());
        }
    }

    private Constant text(Syntax.Literal literal) {
        if (literal.payload() instanceof Syntax.Scalar s && s.word().is(Token.Kind.STRING)) {
            return new Constant.Text(s.word().text());
        }
        throw source.error(literal.offset(), "a string needs its text in quotes");
    }

    private Constant.Data scalar(Token word, TensorType type) {
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

    private ConstData dense(Syntax.Blob blob, TensorType type) {
        if (type.dtype() == DType.BOOL) {
            throw source.error(
                    blob.path().offset(), "%s in a blob; need it inline: no blob is bool", type);
        }
        var place = place(blob, type);
        return dense.computeIfAbsent(place, p -> read(blob, r -> r.read(p.offset(), type)));
    }

    private StoredTensor stored(Syntax.Blob blob, Syntax.Packed type) {
        var place = place(blob, type);
        return stored.computeIfAbsent(
                place, p -> read(blob, r -> r.read(p.offset(), type.type(), type.shape())));
    }

    private Place place(Syntax.Blob blob, Object type) {
        var offset = Numbers.integer(blob.offset().text()).orElseThrow();
        long at = offset.bitLength() < Long.SIZE ? offset.longValue() : Long.MAX_VALUE;
        return new Place(path(source, blob), at, type);
    }

    private <T> T read(Syntax.Blob blob, Function<BlobReader, T> read) {
        String path = path(source, blob);
        var file = files.get(path);
        if (file == null) {
            throw source.error(
                    blob.path().offset(),
                    "no weight file '%s'; need one of %s",
                    path,
                    files.keySet());
        }
        try {
            return read.apply(readers.computeIfAbsent(path, p -> new BlobReader(p, file)));
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
