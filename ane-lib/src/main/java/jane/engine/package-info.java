/**
 * The engine contract: {@link jane.engine.Engine} compiles a {@link jane.mil.Program} (text and
 * blobs, nothing else) into an {@link jane.engine.Executable}, whose {@link jane.engine.Binding}
 * runs on {@link jane.engine.Buffer}s bound by name. {@link jane.engine.Reload} is what engines
 * check before they load a program again with other weights.
 *
 * <p>Depends on {@code jane.target}, {@code jane.mil} and {@code jane.ir}.
 *
 * <pre>{@code
 * try (var exe = engine.compile(program); var x = engine.allocate(exe.inputs().get("x"))) {
 *     ...
 *     exe.bind(Map.of("x", x, "y", y)).run();
 * }
 * }</pre>
 */
package jane.engine;
