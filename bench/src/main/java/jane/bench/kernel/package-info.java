/**
 * Single kernels: {@link jane.bench.kernel.Kernel} lists them as programs for JMH and for the table
 * of {@link jane.bench.kernel.Roofline}.
 *
 * <p>Depends on ane-lib and JMH.
 *
 * <pre>{@code
 * java -jar bench/target/bench.jar jmh KernelBenchmark -p kernel=SOFTMAX
 * }</pre>
 */
package jane.bench.kernel;
