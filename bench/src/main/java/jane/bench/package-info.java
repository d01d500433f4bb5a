/**
 * Jane against its peers, and Jane's own kernels, steps and memory over long runs: {@link
 * jane.bench.Main}, one subcommand each. Never shipped.
 *
 * <p>Depends on ane-lib, JMH, DJL with PyTorch, OpenBLAS and JNA.
 *
 * <pre>{@code
 * java -jar bench/target/bench.jar peers --json peers.json
 * }</pre>
 */
package jane.bench;
