package jane.nn;

import jane.engine.Buffer;
import jane.ir.JaneException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A function with parameters. A layer of one's own is a small class: make parameters with {@link
 * #param} and inner layers with {@link #layer} as fields, and write {@link #forward}.
 *
 * <pre>{@code
 * final class Gated extends Layer {
 *     private final Parameter w = param("w", Tensor.randn(4, 8));
 *     private final Linear gate = layer("gate", new Linear(4, 8));
 *
 *     @Override
 *     public Tensor forward(Tensor x) {
 *         return x.matmul(w).mul(gate.apply(x).sigmoid());
 *     }
 * }
 * }</pre>
 */
public abstract class Layer {
    /** Is told what goes into and comes out of each layer while {@link Layer#apply} runs. */
    public interface Observer {
        /** Called after {@code layer}, known by its dotted path, made {@code out} of {@code in}. */
        void applied(String path, Layer layer, Tensor in, Tensor out);
    }

    private static final Observer NOBODY = (path, layer, in, out) -> {};

    private final Map<String, Parameter> own = new LinkedHashMap<>();
    private final Map<String, Layer> inner = new LinkedHashMap<>();
    private boolean training = true;
    private Observer observer = NOBODY;
    private Scope scope = Scope.alone();
    private String path = "";

    /** What the layer computes; called when a graph is built, not at every step. */
    public abstract Tensor forward(Tensor x);

    /** {@link #forward}, seen by whoever observes: how a layer should call its inner layers. */
    public final Tensor apply(Tensor x) {
        var y = forward(x);
        observer.applied(path, this, x, y);
        return y;
    }

    /** Registers a trained parameter that starts from {@code initial}. */
    protected final Parameter param(String name, Tensor initial) {
        return register(name, Parameter.of(name, initial));
    }

    /** Registers state that is kept with the model but not trained. */
    protected final Parameter state(String name, Tensor initial) {
        return register(name, Parameter.state(name, initial));
    }

    private Parameter register(String name, Parameter parameter) {
        requireFree(name);
        own.put(name, parameter);
        return parameter;
    }

    /** Registers an inner layer, so that its parameters are this layer's too. */
    protected final <L extends Layer> L layer(String name, L layer) {
        requireFree(name);
        inner.put(name, layer);
        return layer;
    }

    private void requireFree(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new JaneException(
                    describe(),
                    "'%s' cannot name a parameter or layer; need letters, digits and _, not"
                            + " starting with a digit",
                    name);
        }
        if (own.containsKey(name) || inner.containsKey(name)) {
            throw new JaneException(
                    describe(), "'%s' names two things in this layer; need one each", name);
        }
    }

    /** Every parameter, own and of inner layers, by dotted path such as {@code linear1.weight}. */
    public final Map<String, Parameter> parameters() {
        var all = new LinkedHashMap<String, Parameter>();
        collect("", all);
        return Collections.unmodifiableMap(all);
    }

    private void collect(String prefix, Map<String, Parameter> all) {
        own.forEach((name, p) -> all.put(prefix + name, p));
        inner.forEach((name, layer) -> layer.collect(prefix + name + ".", all));
    }

    /** Inner layers by name. */
    public final Map<String, Layer> layers() {
        return Collections.unmodifiableMap(inner);
    }

    /** Number of trained values. */
    public final long parameterCount() {
        return parameters().values().stream()
                .filter(Parameter::trainable)
                .mapToLong(p -> p.shape().size())
                .sum();
    }

    /** Switches this and all inner layers to training, or to evaluation. */
    public final void train(boolean on) {
        training = on;
        inner.values().forEach(layer -> layer.train(on));
    }

    /** Whether in training; read while a graph is built. */
    public final boolean training() {
        return training;
    }

    /** Runs {@code forward} on {@code x} while {@code observer} is told of every layer applied. */
    public final Tensor observed(Tensor x, Observer observer) {
        return build(x, Scope.alone(), observer);
    }

    /** Runs {@code forward} on {@code x} as part of a program, which {@code scope} stands for. */
    public final Tensor build(Tensor x, Scope scope) {
        return build(x, scope, NOBODY);
    }

    /** As {@link #build(Tensor, Scope)}, told to {@code observer} layer by layer. */
    public final Tensor build(Tensor x, Scope scope, Observer observer) {
        attach("", scope, observer);
        try {
            return apply(x);
        } finally {
            attach("", Scope.alone(), NOBODY);
        }
    }

    private void attach(String at, Scope within, Observer to) {
        path = at;
        scope = within;
        observer = to;
        inner.forEach(
                (name, layer) -> layer.attach(at.isEmpty() ? name : at + "." + name, within, to));
    }

    /**
     * While a graph is built: a tensor that gets new values before each step, by {@code fill} from
     * a random stream of its own, without compiling again.
     */
    protected final Tensor perStep(String name, TensorType type, Scope.Fill fill) {
        return scope.perStep(path.isEmpty() ? name : path + "." + name, type, fill);
    }

    /**
     * While a graph is built: has each training step write {@code next} of its old value to a
     * state, unless the step is refused for not being finite. Outside of a step nothing is written.
     */
    protected final void update(Parameter state, UnaryOperator<Tensor> next) {
        scope.update(state, next);
    }

    /**
     * Has {@code check} see the values of {@code x}, which it refuses by throwing: now if they are
     * known, else before each run of the program that is given them. It sees nothing of values that
     * a program computes.
     */
    protected final void check(Tensor x, Consumer<Buffer> check) {
        if (x.isComputed()) {
            check.accept(x.buffer());
        } else {
            scope.check(x, check);
        }
    }

    /** While a graph is built: weight of each sample, (N), 0 for padding; empty if all count. */
    protected final Optional<Tensor> sampleWeights() {
        return scope.weights();
    }

    /** The layer in a few words, such as {@code Linear(784 -> 256)}. */
    public String describe() {
        return getClass().getSimpleName();
    }

    /**
     * {@link #describe} and, while a graph is built, the layer's path: for errors of later runs.
     */
    final String where() {
        return path.isEmpty() ? describe() : path + ": " + describe();
    }

    /** The layer and its inner layers, one line each, indented. */
    @Override
    public String toString() {
        var lines = new ArrayList<String>();
        lines(describe(), "", lines);
        return String.join("\n", lines);
    }

    private void lines(String text, String indent, List<String> lines) {
        lines.add(indent + text);
        inner.forEach(
                (name, layer) -> layer.lines(name + ": " + layer.describe(), indent + "  ", lines));
    }

    /** Refuses {@code x} unless it ends in {@code size}. */
    final void requireLast(Tensor x, int size) {
        if (x.shape().rank() < 1 || x.shape().dim(-1) != size) {
            throw new ShapeException(
                    describe(), "input has shape %s; need (..., %d)", x.shape(), size);
        }
    }

    /** Refuses {@code x} unless it is [N, channels, H, W]. */
    final void requireImages(Tensor x, int channels) {
        if (x.shape().rank() != 4 || x.shape().dim(1) != channels) {
            throw new ShapeException(
                    describe(), "input has shape %s; need [N, %d, H, W]", x.shape(), channels);
        }
    }
}
