package jane.notebook.chart;

import java.awt.Color;

/** Draws a {@link StepPanel}. */
final class StepPainter {
    private static final int WIDTH = 940;
    private static final int ROW = 62;
    private static final int HEADS = 44;
    private static final int FOOT = 24;
    private static final int PLOT_HIGH = 44;
    private static final int PLOT_WIDE = 124;

    private static final int NAME = 12;
    private static final int NAME_WIDE = 150;
    private static final int ACTIVATION = 172;
    private static final int GRADIENT = 456;
    private static final int BAR = 728;
    private static final int BAR_WIDE = 132;

    private static final double LEAST_RATIO = 1e-6;
    private static final double MOST_RATIO = 1;
    private static final double MOSTLY_DEAD = 0.5;

    private final StepPanel panel;
    private final int shown;
    private final Canvas canvas;

    StepPainter(StepPanel panel) {
        this.panel = panel;
        shown = Math.min(StepPanel.MOST_ROWS, panel.layers().size());
        int more = panel.layers().size() > shown ? 20 : 0;
        int head = 32 + 19 * panel.notes().size();
        canvas = new Canvas(WIDTH, head + HEADS + shown * ROW + FOOT + more);
    }

    byte[] png() {
        var head = new Head(canvas, panel.title());
        panel.notes().forEach(note -> head.line(note, Palette.FAINT_INK));
        int top = head.height() + HEADS;
        heads(top - 14);
        zone(top);
        for (int i = 0; i < shown; i++) {
            row(panel.layers().get(i), top + i * ROW);
        }
        int bottom = top + shown * ROW;
        canvas.line(NAME, bottom, WIDTH - 12, bottom, 1, Palette.GRID);
        for (double tick : new double[] {1e-6, 1e-4, 1e-2, 1}) {
            var text = tick == 1 ? "1" : "1e" + (int) Math.round(Math.log10(tick));
            canvas.centred(text, at(tick), bottom + 16, Canvas.SMALL, Palette.FAINT_INK);
        }
        if (shown < panel.layers().size()) {
            var more = panel.layers().size() - shown + " more layers are in the text";
            canvas.left(more, NAME, bottom + 36, Canvas.TEXT, Palette.FAINT_INK);
        }
        return canvas.png();
    }

    private void heads(int y) {
        canvas.left("layer, output", NAME, y, Canvas.STRONG, Palette.INK);
        canvas.left("activation", ACTIVATION, y, Canvas.STRONG, Palette.BLUE);
        canvas.left("gradient of the loss", GRADIENT, y, Canvas.STRONG, Palette.VERMILLION);
        canvas.left("update / weight", BAR, y, Canvas.STRONG, Palette.INK);
    }

    /** The healthy zone behind all rows, with the usual 1e-3 as a line. */
    private void zone(int top) {
        double from = at(StepPanel.HEALTHY_FROM);
        double to = at(StepPanel.HEALTHY_TO);
        canvas.fill(from, top, to - from, shown * ROW, Palette.tint(Palette.GREEN));
        canvas.centred("healthy", (from + to) / 2, top - 1, Canvas.SMALL, Palette.FAINT_INK);
        canvas.line(at(1e-3), top + 3, at(1e-3), top + shown * ROW, 1, Palette.GREEN);
    }

    private static double at(double ratio) {
        double share = Math.log(ratio / LEAST_RATIO) / Math.log(MOST_RATIO / LEAST_RATIO);
        return BAR + Math.max(0, Math.min(1, share)) * BAR_WIDE;
    }

    private void row(LayerStats layer, int y) {
        canvas.line(NAME, y, WIDTH - 12, y, 1, Palette.GRID);
        var name = Canvas.fit(layer.name(), Canvas.STRONG, NAME_WIDE);
        canvas.left(name, NAME, y + 26, Canvas.STRONG, Palette.INK);
        var shape = Canvas.fit(layer.shape().toString(), Canvas.SMALL, NAME_WIDE);
        canvas.left(shape, NAME, y + 43, Canvas.SMALL, Palette.FAINT_INK);
        distribution(layer.activation(), ACTIVATION, y, Palette.BLUE);
        distribution(layer.gradient(), GRADIENT, y, Palette.VERMILLION);
        boolean dead = layer.deadUnits() >= MOSTLY_DEAD;
        last(
                zeros(layer.activation())
                        + (layer.deadUnits() > 0
                                ? ", " + Figures.percent(layer.deadUnits()) + " dead"
                                : ""),
                ACTIVATION,
                y,
                dead ? Palette.VERMILLION : Palette.FAINT_INK);
        if (Double.isFinite(layer.gradientNorm())) {
            last(
                    "params |g| " + Figures.of(layer.gradientNorm(), 3),
                    GRADIENT,
                    y,
                    Palette.FAINT_INK);
        } else {
            last(zeros(layer.gradient()), GRADIENT, y, Palette.FAINT_INK);
        }
        ratio(layer.updateRatio(), y);
    }

    private static String zeros(Histogram histogram) {
        return histogram.finite() == 0 ? "" : Figures.percent(histogram.zeroShare()) + " zeros";
    }

    private void last(String text, int x, int y, Color color) {
        canvas.left(text, x + PLOT_WIDE + 8, y + 53, Canvas.SMALL, color);
    }

    private void distribution(Histogram histogram, int x, int y, Color color) {
        int beside = x + PLOT_WIDE + 8;
        if (histogram.finite() > 0) {
            bars(histogram, x, y + 9, color);
            var mean = Figures.of(histogram.mean(), 2) + " ± " + Figures.of(histogram.std(), 2);
            canvas.left(mean, beside, y + 19, Canvas.SMALL, Palette.INK);
        }
        long lost = histogram.nans() + histogram.infinities();
        if (lost > 0) {
            var text = Figures.count(lost) + " not finite";
            canvas.left(text, beside, y + 36, Canvas.SMALL, Palette.VERMILLION);
        } else if (histogram.finite() > 0) {
            var range = Figures.of(histogram.min(), 2) + " to " + Figures.of(histogram.max(), 2);
            canvas.left(range, beside, y + 36, Canvas.SMALL, Palette.FAINT_INK);
        } else {
            canvas.left("–", x + PLOT_WIDE / 2.0, y + 36, Canvas.TEXT, Palette.FAINT_INK);
        }
    }

    private void bars(Histogram histogram, int x, int y, Color color) {
        double wide = (double) PLOT_WIDE / histogram.bins();
        double full = Math.log1p(histogram.highest());
        boolean same = histogram.min() == histogram.max();
        double from = same ? x + (PLOT_WIDE - wide) / 2 : x; // one bar stands in the middle
        for (int b = 0; b < histogram.bins(); b++) {
            if (histogram.count(b) > 0) {
                double high = Math.max(1.5, Math.log1p(histogram.count(b)) / full * PLOT_HIGH);
                canvas.fill(from + b * wide, y + PLOT_HIGH - high, Math.max(1, wide), high, color);
            }
        }
        canvas.line(x, y + PLOT_HIGH, x + PLOT_WIDE, y + PLOT_HIGH, 1, Palette.MISSING);
        double zero = new Range(histogram.min(), histogram.max()).share(0);
        if (zero >= 0 && zero <= 1 && (!same || histogram.min() == 0)) {
            double at = x + zero * PLOT_WIDE;
            canvas.line(at, y - 3, at, y + PLOT_HIGH + 3, 1, Palette.INK);
        }
    }

    private void ratio(double ratio, int y) {
        double middle = y + ROW / 2.0;
        if (!Double.isFinite(ratio)) {
            canvas.left("–", WIDTH - 66, middle + 4.5, Canvas.TEXT, Palette.FAINT_INK);
            return;
        }
        boolean healthy = StepPanel.healthy(ratio);
        var color = healthy ? Palette.GREEN : Palette.ORANGE;
        double end = Math.max(BAR + 2, ratio > 0 ? at(ratio) : 0);
        canvas.fill(BAR, middle - 7, end - BAR, 14, color);
        var text = Figures.of(ratio, 2);
        canvas.left(
                text,
                BAR + BAR_WIDE + 12,
                middle + 4.5,
                healthy ? Canvas.SMALL : Canvas.STRONG,
                healthy ? Palette.INK : Palette.VERMILLION);
    }
}
