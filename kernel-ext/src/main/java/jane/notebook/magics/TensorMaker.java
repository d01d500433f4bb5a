package jane.notebook.magics;

import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.notebook.magic.Magic;
import jane.notebook.magic.Nearest;
import jane.tensor.RandomStream;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the tensors that {@code %tensor x = KIND ...} names; the Java twin is {@code Tensor.KIND}.
 */
final class TensorMaker {
    static final List<String> KINDS =
            List.of("zeros", "ones", "full", "rand", "randn", "arange", "linspace", "eye");

    private final Magic magic;
    private final Magic.Call call;
    private final List<String> words;

    /** For the words after the equals sign, kind first. */
    TensorMaker(Magic magic, Magic.Call call, List<String> words) {
        this.magic = magic;
        this.call = call;
        this.words = words;
    }

    /** Whether the words begin with a kind and go on with numbers only. */
    boolean applies() {
        return !words.isEmpty()
                && KINDS.contains(words.get(0))
                && words.stream().skip(1).allMatch(w -> w.matches("[-+\\[\\](),.x×\\deE_]+"));
    }

    Tensor make() {
        var tensor = values();
        var dtype = dtype(magic, call.option("dtype", "fp32"));
        return dtype == tensor.dtype() ? tensor : tensor.cast(dtype).eval();
    }

    /** A type by its MIL name, or a shorter one. */
    static DType dtype(Magic magic, String name) {
        var wanted = name.toLowerCase(Locale.ROOT).replaceFirst("^f(\\d+)$", "fp$1");
        for (DType dtype : DType.values()) {
            if (dtype.mil().equals(wanted)) {
                return dtype;
            }
        }
        var names = new ArrayList<String>();
        for (DType dtype : DType.values()) {
            names.add(dtype.mil());
        }
        throw new JaneException(
                "%" + magic.name(),
                "no dtype %s%s; need one of %s",
                name,
                Nearest.hint(name, names),
                String.join(", ", names));
    }

    private Tensor values() {
        var rest = words.subList(1, words.size());
        switch (words.get(0)) {
            case "full":
                return Tensor.full(option("value", 0), shape(rest));
            case "ones":
                return Tensor.ones(shape(rest));
            case "rand":
                return rand(Shape.of(shape(rest)));
            case "randn":
                return randn(Shape.of(shape(rest)));
            case "arange":
                return Tensor.arange(one(rest, "a length, as in arange 10"));
            case "eye":
                return Tensor.eye(one(rest, "a size, as in eye 3"));
            case "linspace":
                return linspace(rest);
            default:
                return Tensor.zeros(shape(rest));
        }
    }

    private int[] shape(List<String> rest) {
        return Subjects.shape(magic, rest);
    }

    private double option(String name, double otherwise) {
        return call.has(name) ? Subjects.number(magic, name, call.option(name, "")) : otherwise;
    }

    private int one(List<String> rest, String need) {
        if (rest.size() != 1) {
            throw new JaneException(
                    "%" + magic.name(),
                    "%s has %d numbers; need %s",
                    words.get(0),
                    rest.size(),
                    need);
        }
        return Subjects.whole(magic, words.get(0), rest.get(0), 0);
    }

    private Tensor linspace(List<String> rest) {
        if (rest.size() != 3) {
            throw new JaneException(
                    "%" + magic.name(),
                    "linspace has %d numbers; need first, last and count, as in linspace 0 1 50",
                    rest.size());
        }
        return Tensor.linspace(
                Subjects.number(magic, "first", rest.get(0)),
                Subjects.number(magic, "last", rest.get(1)),
                Subjects.whole(magic, "count", rest.get(2), 0));
    }

    /**
     * The stream of {@code seed=}, as if the session had just been seeded with it; else the
     * session's.
     */
    private Optional<RandomStream> stream(String name) {
        if (!call.has("seed")) {
            return Optional.empty();
        }
        long seed = (long) Subjects.number(magic, "seed", call.option("seed", ""));
        return Optional.of(RandomStream.of(seed, name).at(0));
    }

    private Tensor randn(Shape shape) {
        var stream = stream("randn");
        if (stream.isEmpty()) {
            return Tensor.randn(shape.toArray());
        }
        var values = new float[shape.size()];
        stream.get().fillNormal(values, 0, 1);
        return Tensor.of(new TensorType(DType.FP32, shape), values);
    }

    private Tensor rand(Shape shape) {
        double low = option("low", 0);
        double high = option("high", 1);
        var stream = stream("uniform");
        if (stream.isEmpty()) {
            return Tensor.uniform(low, high, shape.toArray());
        }
        var values = new float[shape.size()];
        stream.get().fillUniform(values, (float) low, (float) high);
        return Tensor.of(new TensorType(DType.FP32, shape), values);
    }
}
