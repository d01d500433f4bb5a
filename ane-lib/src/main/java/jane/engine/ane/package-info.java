/**
 * The Neural Engine of Apple's chips: {@link jane.engine.ane.AneEngine}, over the bridge library in
 * {@code native/ane}, in this process or in a worker process. What it refuses is an {@link
 * jane.engine.ane.AneException} with an {@link jane.engine.ane.AneStatus}. {@link
 * jane.engine.ane.Worker} is the main class of the worker process.
 *
 * <p>Depends on {@code jane.engine}, {@code jane.engine.natives}, {@code jane.engine.power}, {@code
 * jane.target} and {@code jane.mil}.
 *
 * <pre>{@code
 * try (var engine = AneEngine.open(true); var step = engine.compile(program)) {
 *     ...
 * }
 * }</pre>
 */
package jane.engine.ane;
