package jane.notebook.chart;

import java.util.List;

/** One training step laid open: a row per layer. */
public final class StepPanel implements Picture {
    public static StepPanel of(String title, List<LayerStats> layers) { throw new UnsupportedOperationException(); }
    @Override public byte[] png() { throw new UnsupportedOperationException(); }
    @Override public String alt() { throw new UnsupportedOperationException(); }
    @Override public String text() { throw new UnsupportedOperationException(); }
}
