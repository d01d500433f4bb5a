package jane.notebook.chart;

import jane.tensor.Tensor;

/** A matrix as colours. */
public final class HeatMap implements Picture {
    /** The last two axes as a matrix; leading axes are stacked as blocks. */
    public static HeatMap of(Tensor tensor) { throw new UnsupportedOperationException(); }
    public static HeatMap of(float[][] rows) { throw new UnsupportedOperationException(); }
    public static HeatMap of(double[][] rows) { throw new UnsupportedOperationException(); }
    public HeatMap title(String title) { throw new UnsupportedOperationException(); }
    public HeatMap xLabel(String label) { throw new UnsupportedOperationException(); }
    public HeatMap yLabel(String label) { throw new UnsupportedOperationException(); }
    @Override public byte[] png() { throw new UnsupportedOperationException(); }
    @Override public String alt() { throw new UnsupportedOperationException(); }
    @Override public String text() { throw new UnsupportedOperationException(); }
}
