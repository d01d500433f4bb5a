/**
 * Ready models: {@link jane.zoo.Models}, and {@link jane.zoo.DigitsTask}, the data they start with.
 *
 * <p>Depends on {@code jane.nn} and {@code jane.data}.
 *
 * <pre>{@code
 * Layer model = Models.digitsCnn();
 * }</pre>
 */
package jane.zoo;
