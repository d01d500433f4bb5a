package jane.nn;

import jane.engine.Buffer;
import jane.ir.TensorType;
import jane.tensor.Parameter;
import jane.tensor.RandomStream;
import jane.tensor.Tensor;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a layer may ask of the program it becomes part of, besides computing: inputs that are filled
 * anew before each step, state that is written after it, and a look at what it is given. {@link
 * Layer#build} gives a scope to a model; layers use it by {@link Layer#perStep}, {@link
 * Layer#update}, {@link Layer#check} and {@link Layer#sampleWeights}.
 */
public interface Scope {
    /** Fills a per-step input. A pure function of the stream, so that a run can be repeated. */
    interface Fill {
        /**
         * Writes every element.
         *
         * @param random the stream of this input at this step
         */
        void fill(float[] out, RandomStream random);
    }

    /** Weight of each sample, (N): 0 for padding; empty where all samples count alike. */
    Optional<Tensor> weights();

    /**
     * A tensor with new values at every step.
     *
     * @param name dotted path of the layer and what it is, such as {@code dropout1.mask}
     */
    Tensor perStep(String name, TensorType type, Fill fill);

    /**
     * Has {@code state} become {@code next} of what it was, once the step is found to be finite.
     * Asked twice, the second follows the first.
     */
    void update(Parameter state, UnaryOperator<Tensor> next);

    /**
     * Has {@code check} see the values that the program is given for {@code input} before each run,
     * which it stops by throwing. It sees nothing of a tensor that the program computes.
     */
    void check(Tensor input, Consumer<Buffer> check);

    /** Of a layer called by hand: random values from the session's seed; no state is written. */
    static Scope alone() {
        return alone((input, check) -> {});
    }

    /** As above, in a program that has {@code checks} arrange for what {@link #check} asks. */
    static Scope alone(BiConsumer<Tensor, Consumer<Buffer>> checks) {
        return new Looking(Optional.empty(), Looking::drawn, checks);
    }

    /** Of a graph that is only looked at: per-step inputs are what {@code inputs} makes of them. */
    static Scope looking(Optional<Tensor> weights, BiFunction<String, TensorType, Tensor> inputs) {
        return new Looking(
                weights, (name, type, fill) -> inputs.apply(name, type), (input, check) -> {});
    }
}
