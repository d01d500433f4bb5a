package jane.mil;

import jane.ir.Graph;
import java.util.Map;

/**
 * A function that was read.
 *
 * @param graph what it computes; a state is an input, and an output if it is written
 * @param states the state's name by that of its output
 * @param stateful whether a parameter is a state
 */
record Bound(Graph graph, Map<String, String> states, boolean stateful) {}
