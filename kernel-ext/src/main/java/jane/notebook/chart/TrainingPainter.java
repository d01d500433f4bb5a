package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a run: the facts above, the curves by XChart, a strip for a learning rate that varies. */
final class TrainingPainter {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int STRIP = 46;
    private static final int SMOOTH_FROM = 30;
    private static final double LOG_FROM = 30;
    private static final BasicStroke THIN = new BasicStroke(1f);
    private static final BasicStroke THICK =
            new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

    private final TrainingFacts facts;
    private final LossCurve losses;
    private final Canvas canvas = new Canvas(WIDTH, HEIGHT);

    TrainingPainter(TrainingFacts facts) {
        this.facts = facts;
        this.losses = facts.losses();
    }

    byte[] png() {
        int below = head().height();
        var rates = Range.of(losses.rates().y);
        boolean strip = rates.high() > rates.low() * 1.001;
        int room = HEIGHT - below - (strip ? STRIP : 0);
        canvas.pen().translate(0, below);
        chart().paint(canvas.pen(), WIDTH, room);
        canvas.pen().translate(0, -below);
        if (strip) {
            rates(rates);
        }
        return canvas.png();
    }

    private Head head() {
        var head = new Head(canvas, facts.title());
        var verdict = facts.verdict();
        if (verdict.isPresent()) {
            boolean good = verdict.get().equals("learning");
            canvas.right(
                    Canvas.fit(verdict.get(), Canvas.STRONG, WIDTH * 0.62),
                    WIDTH - 12,
                    24,
                    Canvas.STRONG,
                    good ? Palette.GREEN.darker() : Palette.VERMILLION);
        }
        if (!facts.progress().isEmpty()) {
            head.line(facts.progress(), Palette.FAINT_INK);
        }
        head.entry("train " + facts.train(), Palette.BLUE, THICK);
        facts.validations()
                .latest()
                .ifPresent(
                        v ->
                                head.dot(
                                        "validation " + facts.validation(v),
                                        Palette.VERMILLION,
                                        SeriesMarkers.CIRCLE));
        return head;
    }

    private XYChart chart() {
        var xy = new XYChartBuilder().xAxisTitle("step").build();
        var axes = ChartStyle.apply(xy.getStyler());
        var raw = losses.raw();
        var range = lossRange(raw);
        boolean log = range.low() > 0 && range.high() / range.low() >= LOG_FROM;
        axes.setYAxisLogarithmic(log);
        xy.setYAxisTitle(log ? "loss (log scale)" : "loss");
        var steps = Range.of(raw.x);
        ChartStyle.ticks(axes, steps, range);
        boolean few = raw.size() < SMOOTH_FROM;
        var color = few ? Palette.BLUE : Palette.mix(Palette.BLUE, Palette.PAPER, 0.65);
        var drawn = line(xy, "steps", ChartStyle.uneven(raw, steps), color, few ? THICK : THIN);
        if (raw.size() == 1) {
            drawn.setMarker(SeriesMarkers.CIRCLE);
            drawn.setMarkerColor(color);
        }
        if (!few) {
            line(xy, "train", losses.smooth(), Palette.BLUE, THICK);
        }
        validations(xy);
        return xy;
    }

    private Range lossRange(Thinning.Points raw) {
        var all = Range.of(raw.y);
        var validation =
                Range.of(
                        facts.validations().shown().stream()
                                .mapToDouble(Validations.Look::loss)
                                .toArray());
        return new Range(
                Math.min(all.low(), orElse(validation.low(), all.low())),
                Math.max(all.high(), orElse(validation.high(), all.high())));
    }

    private static double orElse(double x, double other) {
        return Double.isNaN(x) ? other : x;
    }

    private static XYSeries line(
            XYChart xy, String name, Thinning.Points points, Color color, BasicStroke stroke) {
        var drawn = xy.addSeries(name, points.x, points.y);
        drawn.setLineColor(color);
        drawn.setLineStyle(stroke);
        drawn.setMarker(SeriesMarkers.NONE);
        return drawn;
    }

    private void validations(XYChart xy) {
        var finite = facts.validations().shown();
        if (finite.isEmpty()) {
            return;
        }
        var drawn =
                xy.addSeries(
                        "validation",
                        finite.stream().mapToDouble(Validations.Look::step).toArray(),
                        finite.stream().mapToDouble(Validations.Look::loss).toArray());
        drawn.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        drawn.setLineColor(Palette.VERMILLION);
        drawn.setLineStyle(THIN);
        drawn.setMarker(SeriesMarkers.CIRCLE);
        drawn.setMarkerColor(Palette.VERMILLION);
        xy.getStyler().setMarkerSize(finite.size() > 60 ? 5 : 8);
    }

    /** The learning rate over the steps, at the foot. */
    private void rates(Range range) {
        var rates = losses.rates();
        var steps = Range.of(rates.x);
        double left = 70;
        double wide = WIDTH - left - 24;
        double base = HEIGHT - 12;
        double high = 24;
        canvas.left("rate", 12, base - 4, Canvas.SMALL, Palette.FAINT_INK);
        var told =
                "learning rate "
                        + Figures.of(range.low(), 2)
                        + " to "
                        + Figures.of(range.high(), 2)
                        + ", now "
                        + Figures.of(rates.y[rates.size() - 1], 2);
        canvas.right(told, WIDTH - 12, base - high - 4, Canvas.SMALL, Palette.FAINT_INK);
        canvas.line(left, base, left + wide, base, 1, Palette.GRID);
        double top = Math.max(range.high(), Double.MIN_NORMAL);
        var xs = Arrays.stream(rates.x).map(x -> left + steps.share(x) * wide).toArray();
        var ys = Arrays.stream(rates.y).map(y -> base - y / top * high).toArray();
        for (int i = 1; i < xs.length; i++) {
            canvas.line(xs[i - 1], ys[i - 1], xs[i], ys[i], 1.5f, Palette.PURPLE);
        }
    }
}
