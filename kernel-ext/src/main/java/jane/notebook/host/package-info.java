/**
 * What differs from one notebook host and machine to the next, kept out of the magics: Jane as a
 * guest of IJava and JJava, and a font where the machine has none.
 *
 * <p>{@link jane.notebook.host.Hosts} finds the kernel that runs the process, for {@link
 * jane.notebook.Install}; JJava itself finds {@link jane.notebook.host.JJavaExtension}. A host is
 * its few calls, and all else is the same for both: the notebook that magics see, variables, live
 * outputs, errors. {@link jane.notebook.host.Handover} is for Java that is generated in a cell.
 * {@link jane.notebook.host.Fonts} stands alone.
 *
 * <p>Depends on {@code jane.notebook} and its magics, and on the base libraries of the hosts, which
 * the hosts bring along.
 *
 * <pre>{@code
 * jane.notebook.Install.here();                         // in a cell of IJava
 * Path configuration = Fonts.extract(folder, folder);   // FONTCONFIG_FILE=... java ...
 * }</pre>
 */
package jane.notebook.host;
