/**
 * Magics: commands in a notebook cell, written once for every host.
 *
 * <p>{@link jane.notebook.magic.Magic} is one command, {@link jane.notebook.magic.MagicParser}
 * takes its line apart, {@link jane.notebook.magic.MagicRegistry} finds, runs, explains and
 * completes them, {@link jane.notebook.magic.Nearest} guesses what a mistyped name meant. Depends
 * on {@code jane.ir} for its errors; knows no notebook host.
 *
 * <pre>{@code
 * var registry = new MagicRegistry();
 * registry.register(new SeedMagic());
 * registry.line("seed", "42");
 * }</pre>
 */
package jane.notebook.magic;
