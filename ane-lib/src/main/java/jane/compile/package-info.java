/**
 * From graph to program: {@link jane.compile.Passes} rewrites a graph into what MIL can spell, and
 * {@link jane.compile.Lowering} prints it. For an engine with a target {@link
 * jane.compile.Placement} says what runs where, and {@link jane.compile.Placed} compiles the parts.
 * {@link jane.compile.Profile} measures and predicts; {@link jane.compile.BakeWeights} turns inputs
 * into constants.
 *
 * <p>Depends on {@code jane.engine}, {@code jane.target}, {@code jane.mil}, {@code jane.op} and
 * {@code jane.ir}.
 *
 * <pre>{@code
 * Program program = Lowering.program(graph, Map.of("next_w", "w"));
 * }</pre>
 */
package jane.compile;
