package jane.notebook.magics;

import jane.data.Dataset;
import jane.ir.JaneException;
import jane.nn.Layer;
import jane.notebook.chart.Chart;
import jane.notebook.chart.ConfusionPicture;
import jane.notebook.chart.HeatMap;
import jane.notebook.chart.Labelled;
import jane.notebook.magic.Magic;
import jane.tensor.Tensor;
import jane.train.Confusion;
import jane.train.EpochReport;
import jane.train.Run;
import jane.train.Score;
import jane.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code %chart line losses}: a chart of what variables hold. */
public final class ChartMagic implements Magic {
    private static final List<String> KINDS =
            List.of("line", "scatter", "bar", "hist", "heat", "confusion");

    private final Subjects subjects;

    /** Looks values up in {@code subjects}. */
    public ChartMagic(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "chart";
    }

    @Override
    public String summary() {
        return "Draws tensors, arrays, lists, runs and trainers, and what a model mixes up.";
    }

    @Override
    public String usage() {
        return "[line|scatter|bar|hist|heat|confusion] WHAT...";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("title", "TEXT", "above the chart"),
                new Option("x", "TEXT", "label of the x axis"),
                new Option("y", "TEXT", "label of the y axis"),
                new Option("bins", "N", "bars of a histogram"),
                new Option("logx", "", "logarithmic x axis"),
                new Option("logy", "", "logarithmic y axis"));
    }

    @Override
    public List<String> completions(String word) {
        var words = new ArrayList<>(KINDS);
        for (Class<?> kind :
                List.of(
                        Tensor.class,
                        Trainer.class,
                        Run.class,
                        Layer.class,
                        Dataset.class,
                        Confusion.class)) {
            words.addAll(subjects.names(kind));
        }
        return words;
    }

    @Override
    public String details() {
        return "%chart trainer                     losses of all steps, and of the epochs\n"
                + "%chart line a b title=\"two series\"\n"
                + "%chart scatter x y                 pairs; of a data set of points, by class\n"
                + "%chart hist \"model.parameters().get('linear1.weight')\"\n"
                + "%chart confusion model digits.test()   which class is taken for which\n"
                + "Gives the picture. In Java: Chart.line().series(\"a\", values)";
    }

    @Override
    public Optional<Object> run(Call call) {
        var words = call.words();
        boolean named = !words.isEmpty() && KINDS.contains(words.get(0));
        var kind = named ? words.get(0) : "line";
        var what = named ? words.subList(1, words.size()) : words;
        if (what.isEmpty()) {
            throw new JaneException(
                    "%chart",
                    "nothing to draw; need a variable or expression, as in %%chart line losses");
        }
        return Optional.of(labelled(call, picture(call, kind, what)));
    }

    private Labelled<?> picture(Call call, String kind, List<String> what) {
        switch (kind) {
            case "heat":
                return heat(what);
            case "confusion":
                return confusion(what);
            default:
                return scaled(call, chart(call, kind, what));
        }
    }

    private HeatMap heat(List<String> what) {
        if (what.size() > 1) {
            throw new JaneException(
                    "%chart", "heat of %d values; need one matrix: %s", what.size(), what);
        }
        return HeatMap.of(subjects.tensor(this, what.get(0))).title(what.get(0));
    }

    private ConfusionPicture confusion(List<String> what) {
        var first = subjects.value(this, what.get(0));
        if (first instanceof Confusion counts && what.size() == 1) {
            return ConfusionPicture.of(counts).title(what.get(0));
        }
        if (what.size() != 2) {
            throw new JaneException(
                    "%chart",
                    "confusion of %d values %s; need a model and a data set, as in %%chart"
                            + " confusion model digits.test()",
                    what.size(),
                    what);
        }
        var model =
                first instanceof Trainer trainer
                        ? trainer.model()
                        : subjects.as(this, what.get(0), Layer.class, "a model or a trainer");
        var data = subjects.as(this, what.get(1), Dataset.class, "a data set");
        return ConfusionPicture.of(Confusion.of(model, data))
                .title(what.get(0) + " on " + data.name());
    }

    private Chart chart(Call call, String kind, List<String> what) {
        switch (kind) {
            case "scatter":
                return scatter(what);
            case "bar":
                return series(Chart.bar(), what);
            case "hist":
                var histogram = Chart.histogram();
                if (call.has("bins")) {
                    histogram.bins(Subjects.whole(this, "bins", call.option("bins", ""), 1));
                }
                what.forEach(
                        name ->
                                histogram.series(
                                        name, filled(name, flat(subjects.value(this, name)))));
                return histogram;
            default:
                return series(Chart.line(), what);
        }
    }

    private Chart series(Chart chart, List<String> what) {
        for (var name : what) {
            var value = subjects.value(this, name);
            if (value instanceof Trainer trainer) {
                losses(chart, trainer.losses(), trainer.epochs());
            } else if (value instanceof Run run) {
                losses(chart, run.losses(), run.epochs());
            } else {
                chart.series(name, numbers(name, value));
            }
        }
        return chart;
    }

    /** Training loss by step, and validation loss at the end of each epoch. */
    private void losses(Chart chart, List<Double> losses, List<EpochReport> epochs) {
        if (losses.isEmpty()) {
            throw new JaneException(
                    "%chart", "no step was taken, so there are no losses; %%train first");
        }
        chart.xLabel("step").yLabel("loss");
        var steps = new double[losses.size()];
        var values = new double[losses.size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = i + 1;
            values[i] = losses.get(i);
        }
        chart.series("training loss", steps, values);
        var at = new ArrayList<Double>();
        var scores = new ArrayList<Double>();
        double step = 0;
        for (var epoch : epochs) {
            step += epoch.steps();
            if (epoch.validation().isPresent()) {
                at.add(step);
                scores.add(epoch.validation().map(Score::loss).get());
            }
        }
        if (!at.isEmpty()) {
            chart.series("validation loss", at, scores);
        }
    }

    private Chart scatter(List<String> what) {
        var chart = Chart.scatter();
        var first = subjects.value(this, what.get(0));
        if (what.size() == 1 && first instanceof Dataset data) {
            return points(chart, data);
        }
        if (what.size() % 2 == 1) {
            throw new JaneException(
                    "%chart",
                    "scatter of %d values %s; need pairs x y, or a data set of points",
                    what.size(),
                    what);
        }
        for (int i = 0; i < what.size(); i += 2) {
            var x = numbers(what.get(i), subjects.value(this, what.get(i)));
            var y = numbers(what.get(i + 1), subjects.value(this, what.get(i + 1)));
            if (x.length != y.length) {
                throw new JaneException(
                        "%chart",
                        "%s has %d values and %s has %d; need as many",
                        what.get(i),
                        x.length,
                        what.get(i + 1),
                        y.length);
            }
            chart.series(what.get(i + 1), x, y);
        }
        return chart;
    }

    private static Chart points(Chart chart, Dataset data) {
        if (data.sampleShape().size() != 2) {
            throw new JaneException(
                    "%chart",
                    "samples of %s have the shape %s; need points of 2 numbers",
                    data.name(),
                    data.sampleShape());
        }
        var point = new float[2];
        for (int c = 0; c < data.classes(); c++) {
            var x = new ArrayList<Float>();
            var y = new ArrayList<Float>();
            for (int i = 0; i < data.size(); i++) {
                if (data.label(i) == c) {
                    data.copySample(i, point, 0);
                    x.add(point[0]);
                    y.add(point[1]);
                }
            }
            if (!x.isEmpty()) {
                chart.series("class " + c, x, y);
            }
        }
        return chart;
    }

    private static Object flat(Object value) {
        return value instanceof Tensor t && t.shape().rank() != 1 ? t.toArray() : value;
    }

    private static double[] filled(String name, Object value) {
        return notEmpty(
                name,
                Subjects.numbers(value)
                        .orElseThrow(() -> notNumbers(name, value, "an array, list or tensor")));
    }

    private static double[] numbers(String name, Object value) {
        return notEmpty(
                name,
                Subjects.numbers(value)
                        .orElseThrow(
                                () ->
                                        notNumbers(
                                                name,
                                                value,
                                                "one row of them: an array, a list, a tensor of"
                                                        + " rank 1, a run or a trainer (%chart heat"
                                                        + " draws matrices)")));
    }

    private static JaneException notNumbers(String name, Object value, String need) {
        return new JaneException(
                "%chart", "%s is %s; need numbers, %s", name, Subjects.describe(value), need);
    }

    private static double[] notEmpty(String name, double[] values) {
        if (values.length == 0) {
            throw new JaneException("%chart", "%s has no values; need 1 or more", name);
        }
        return values;
    }

    private static Chart scaled(Call call, Chart chart) {
        if (call.has("logx")) {
            chart.logX();
        }
        return call.has("logy") ? chart.logY() : chart;
    }

    private static Labelled<?> labelled(Call call, Labelled<?> picture) {
        if (call.has("title")) {
            picture.title(call.option("title", ""));
        }
        if (call.has("x")) {
            picture.xLabel(call.option("x", ""));
        }
        if (call.has("y")) {
            picture.yLabel(call.option("y", ""));
        }
        return picture;
    }
}
