/**
 * Jane's magics, one class each: {@link jane.notebook.magics.JaneMagic}, {@link
 * jane.notebook.magics.ListMagic}, {@link jane.notebook.magics.SeedMagic}, {@link
 * jane.notebook.magics.TensorMagic}, {@link jane.notebook.magics.LayerMagic}, {@link
 * jane.notebook.magics.SummaryMagic}, {@link jane.notebook.magics.StepMagic}, {@link
 * jane.notebook.magics.TrainMagic}, {@link jane.notebook.magics.ChartMagic}, {@link
 * jane.notebook.magics.MilMagic}, {@link jane.notebook.magics.GraphMagic}. Each reads its line,
 * calls the library and returns what that gives; {@link jane.notebook.magics.Subjects} finds what a
 * line talks about.
 *
 * <p>Depends on {@code ane-lib}, {@code jane.notebook.magic} and {@code jane.notebook.chart}; knows
 * no notebook host.
 *
 * <pre>{@code
 * Magics.register(registry, notebook, new Workspace());
 * registry.line("tensor", "x = randn 2 3 seed=1");
 * }</pre>
 */
package jane.notebook.magics;
