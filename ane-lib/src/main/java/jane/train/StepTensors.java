package jane.train;

import jane.tensor.Tensor;
import java.util.Map;

/**
 * What a step's backward half hands to its update, by path in the model.
 *
 * @param loss a scalar
 * @param trained present values of the trained parameters
 * @param gradients of the loss, by the trained parameters
 * @param states present values of the states that the layers update
 * @param nextStates what these become
 */
record StepTensors(
        Tensor loss,
        Map<String, Tensor> trained,
        Map<String, Tensor> gradients,
        Map<String, Tensor> states,
        Map<String, Tensor> nextStates) {}
