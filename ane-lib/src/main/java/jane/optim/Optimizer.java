package jane.optim;

import jane.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * How a parameter follows its gradient. {@link #update} is called once, when a step is built; what
 * changes from step to step arrives as scalar tensors.
 */
public interface Optimizer {
    /** A parameter's next value and its next state, by the names of {@link #states}. */
    record Update(Tensor next, Map<String, Tensor> state) {
        public Update {
            state = Map.copyOf(state);
        }
    }

    /** The optimizer and its settings in a few words. */
    String describe();

    /** The learning rate at each step. */
    Schedule schedule();

    /** Names of the tensors kept per parameter, of its shape, zeros at first. */
    List<String> states();

    /**
     * The numbers that differ from step to step, among them {@code lr}.
     *
     * @param step 1 for the first
     */
    Map<String, Double> scalars(long step);

    /**
     * The update as a graph.
     *
     * @param scalars rank-0 tensors by the names of {@link #scalars}
     */
    Update update(
            Tensor parameter,
            Tensor gradient,
            Map<String, Tensor> state,
            Map<String, Tensor> scalars);
}
