/**
 * The command line, {@code java -jar dist/jane.jar}: parses, calls the library, prints.
 *
 * <p>Public: {@link jane.cli.Main} and {@link jane.cli.Launch}, which the jar starts. A subcommand
 * is a picocli class listed in {@code Main}; it holds no logic that the library could hold.
 *
 * <p>Exit codes, everywhere: 0 the work is done, 1 the work failed and the last line says why, 2
 * the command line was wrong.
 *
 * <p>Depends on picocli, gson and every package of ane-lib. Example:
 *
 * <pre>{@code
 * java -jar dist/jane.jar doctor --json
 * }</pre>
 */
package jane.cli;
