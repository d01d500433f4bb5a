/**
 * From graph to program: {@link jane.compile.Passes} rewrites a graph into what MIL can spell, and
 * {@link jane.compile.Lowering} prints it.
 *
 * <p>Depends on {@code jane.mil}, {@code jane.op} and {@code jane.ir}.
 *
 * <pre>{@code
 * Program program = Lowering.program(graph, Map.of("next_w", "w"));
 * }</pre>
 */
package jane.compile;
