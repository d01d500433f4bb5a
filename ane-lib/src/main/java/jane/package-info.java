/**
 * {@link jane.Jane}, the facade a notebook imports.
 *
 * <pre>{@code
 * Jane.seed(1);
 * Tensor x = Tensor.randn(2, 3);
 * }</pre>
 */
package jane;
