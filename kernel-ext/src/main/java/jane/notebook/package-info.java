/**
 * The notebook side of Jane: {@link jane.notebook.Notebook} is what a magic may ask of its host,
 * {@link jane.notebook.Display} what it shows. Hosts implement the one and render the other.
 *
 * <p>Depends on {@code ane-lib}; knows no notebook host.
 *
 * <pre>{@code
 * notebook.show(Display.text("2 tensors").html("<b>2</b> tensors"));
 * }</pre>
 */
package jane.notebook;
