package jane.notebook.chart;

/**
 * A picture with a title and two axes that can be named; each setter gives the picture itself.
 *
 * @param <P> the kind of picture
 */
public abstract sealed class Labelled<P extends Labelled<P>> implements Picture
        permits Chart, HeatMap, ConfusionPicture {
    private String title = "";
    private String xLabel = "";
    private String yLabel = "";

    Labelled() {}

    abstract P self();

    /** The line above the picture. */
    public final P title(String text) {
        title = text;
        return self();
    }

    /** What runs to the right. */
    public final P xLabel(String text) {
        xLabel = text;
        return self();
    }

    /** What runs up or down. */
    public final P yLabel(String text) {
        yLabel = text;
        return self();
    }

    final String title() {
        return title;
    }

    final String xLabel() {
        return xLabel;
    }

    final String yLabel() {
        return yLabel;
    }
}
