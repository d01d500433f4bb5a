/**
 * File formats: {@link jane.io.NpyArray} for NumPy's {@code .npy}, {@link jane.io.Safetensors} for
 * many named tensors in one, and {@link jane.io.AtomicFile}, through which every file is written.
 *
 * <p>Depends on {@code jane.ir}.
 *
 * <pre>{@code
 * var x = NpyArray.read(Path.of("x.npy"));   // x.type(), x.data()
 * NpyArray.write(Path.of("y.npy"), x.type(), x.data());
 * }</pre>
 */
package jane.io;
