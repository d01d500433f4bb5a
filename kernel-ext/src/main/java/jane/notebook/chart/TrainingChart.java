package jane.notebook.chart;

/** A live chart of a training run. Safe to feed from one thread and draw from another. */
public final class TrainingChart implements Picture {
    public static TrainingChart of(String title) { throw new UnsupportedOperationException(); }
    /** Adds a step: O(1), bounded memory. */
    public void step(long step, double loss, double learningRate) { throw new UnsupportedOperationException(); }
    /** Adds the validation loss measured after step {@code step}. */
    public void validation(long step, double loss) { throw new UnsupportedOperationException(); }
    /** As above with the share of right answers, 0 to 1. */
    public void validation(long step, double loss, double accuracy) { throw new UnsupportedOperationException(); }
    /** A line under the title, such as "epoch 2 of 10, 0:45 left". */
    public void progress(String text) { throw new UnsupportedOperationException(); }
    @Override public byte[] png() { throw new UnsupportedOperationException(); }
    @Override public String alt() { throw new UnsupportedOperationException(); }
    @Override public String text() { throw new UnsupportedOperationException(); }
}
