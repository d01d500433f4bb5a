/**
 * The CPU engine. {@link jane.engine.cpu.CpuEngine} is all that a user sees. Inside, a parsed graph
 * becomes a plan: elementwise ops are grouped (Groups, FusedBuilder), every value gets a place or
 * is another view of one (Views, Arena), products, convolutions, poolings and reductions become
 * kernels (Lowering), and outputs are written straight into their buffers where that is safe
 * (Planner).
 *
 * <p>Kernels come in two kinds: in Java for everything, and native ones, or a BLAS, where type and
 * shape allow (Kernels, NativeKernels, KernelLibrary). InstalledKernels chooses once per process.
 *
 * <p>Depends on {@code jane.engine}, {@code jane.engine.natives}, {@code jane.mil}, {@code jane.op}
 * and {@code jane.ir}.
 *
 * <pre>{@code
 * try (var engine = new CpuEngine(2); var exe = engine.compile(program)) {
 *     exe.plan().forEach(System.out::println);
 * }
 * }</pre>
 */
package jane.engine.cpu;
