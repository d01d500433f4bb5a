/**
 * Ready models: {@link jane.zoo.Models}, and {@link jane.zoo.DigitsTask}, the data they start with.
 * {@link jane.zoo.TransformerBlock} is a graph to measure with. {@link jane.zoo.Workload} is work
 * of known size to be timed, by {@link jane.zoo.Timing}.
 *
 * <p>Depends on {@code jane.train} and everything below.
 *
 * <pre>{@code
 * Layer model = Models.digitsCnn();
 * }</pre>
 */
package jane.zoo;
