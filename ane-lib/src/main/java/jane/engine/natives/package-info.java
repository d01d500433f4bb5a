/**
 * Native libraries: found among the resources, checked against their SHA-256, unpacked into the
 * cache folder, and loaded through JNA. {@link jane.engine.natives.Natives} does it, as {@link
 * jane.engine.natives.NativeSettings} says, for a {@link jane.engine.natives.Host}; a {@link
 * jane.engine.natives.NativeException} says why it cannot be, and what helps. {@link
 * jane.engine.natives.Folders} says where the user's folders are.
 *
 * <p>Depends on JNA and {@code jane.ir}.
 *
 * <pre>{@code
 * var library = new Natives(NativeSettings.current()).library("janekernels");
 * }</pre>
 */
package jane.engine.natives;
