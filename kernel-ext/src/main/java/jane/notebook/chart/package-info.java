/**
 * Pictures and tables of what Jane computes: {@link jane.notebook.chart.Chart} for series, {@link
 * jane.notebook.chart.HeatMap} for matrices, {@link jane.notebook.chart.ContactSheet} for images,
 * {@link jane.notebook.chart.ConfusionPicture} for what a classifier mixes up, {@link
 * jane.notebook.chart.TrainingChart} for a run, {@link jane.notebook.chart.StepPanel} (from {@link
 * jane.notebook.chart.LayerStats}) for one step, {@link jane.notebook.chart.GraphPicture} for a
 * graph, {@link jane.notebook.chart.HtmlTable} for a table; {@link jane.notebook.chart.Histogram}
 * counts. {@link jane.notebook.chart.Labelled} ones take a title and axis labels. Each is a {@link
 * jane.notebook.chart.Picture} or a table, and yields a {@link jane.notebook.Display} with text,
 * and a picture with its alternative text.
 *
 * <p>Depends on {@code ane-lib}, XChart and Java2D; knows no notebook host and no magic.
 *
 * <pre>{@code
 * notebook.show(Chart.line().title("loss").series("train", losses).display());
 * }</pre>
 */
package jane.notebook.chart;
