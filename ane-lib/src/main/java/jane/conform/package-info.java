/**
 * The conformance suite: random programs with inputs and the outputs they must give, run on any
 * engine. {@link jane.conform.Campaign} makes and runs them; {@link jane.conform.Outcome} says what
 * was found; {@link jane.conform.Reproducer} is a finding as a JSON file that any implementation
 * can replay; {@link jane.conform.NumpyNormal} gives the inputs of published error figures.
 *
 * <p>Depends on the engine contract and what lies below it, and on {@code jane.compile} and {@code
 * jane.grad}.
 *
 * <pre>{@code
 * try (var engine = Engines.open("cpu", 2)) {
 *     var outcome = new Campaign(engine, 1).run(500);
 *     outcome.failures().forEach(f -> System.out.println(f.message()));
 * }
 * }</pre>
 */
package jane.conform;
