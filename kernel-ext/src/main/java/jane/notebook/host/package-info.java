/**
 * What differs from one notebook host and machine to the next, kept out of the magics.
 *
 * <p>{@link jane.notebook.host.Fonts} gives Java a font where the machine has none. Depends on
 * nothing of ours.
 *
 * <pre>{@code
 * Path configuration = Fonts.extract(folder, folder);   // FONTCONFIG_FILE=... java ...
 * }</pre>
 */
package jane.notebook.host;
