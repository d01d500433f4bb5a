/**
 * What values look like in a notebook: a table as plain HTML, the same as text, a picture where one
 * says more. One class per kind of value; {@link jane.notebook.Renderers} chooses among them.
 *
 * <p>Depends on {@code ane-lib} and {@code jane.notebook.chart}.
 *
 * <pre>{@code
 * Display display = TensorView.of(Tensor.randn(2, 3));
 * }</pre>
 */
package jane.notebook.magics.view;
