/**
 * Reverse-mode differentiation as a function from graph to graph: {@link jane.grad.Gradients}, and
 * {@link jane.grad.GradientCheck}, which holds a gradient against finite differences.
 *
 * <p>Depends on {@code jane.op} and {@code jane.ir}; knows no engine.
 *
 * <pre>{@code
 * Value loss = Reductions.sumAll(Elementwise.square(w));
 * Value dw = Gradients.of(loss, List.of(w)).get(0); // 2 w
 * }</pre>
 */
package jane.grad;
