package jane.notebook.chart;

import jane.ir.JaneException;
import jane.train.Confusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a classifier takes each class for: a row per true class, a column per answer. Right answers
 * are blue on the diagonal, mistakes orange, the stronger the more there are; beside each row the
 * recall, below each column the precision. Above 20 classes the numbers go, above 128 each cell
 * stands for a block of classes, as in {@link HeatMap}.
 *
 * <pre>{@code
 * ConfusionPicture.of(Confusion.of(model, digits.test())).title("digits").display();
 * }</pre>
 */
public final class ConfusionPicture extends Labelled<ConfusionPicture> {
    static final int MOST_NUMBERS = 20;
    private static final int MOST_CELLS = 128;
    private static final int MOST_TOLD = 10;

    private final Confusion counts;
    private List<String> names;

    /** One of the pairs that are mixed up. */
    private record MixUp(int label, int predicted, int count) {}

    private ConfusionPicture(Confusion counts) {
        this.counts = counts;
        var numbers = new ArrayList<String>();
        for (int c = 0; c < counts.classes(); c++) {
            numbers.add(Integer.toString(c));
        }
        names = numbers;
        xLabel("taken for");
        yLabel("is");
    }

    /** A picture of these counts; classes are called by their numbers. */
    public static ConfusionPicture of(Confusion counts) {
        return new ConfusionPicture(counts);
    }

    /** What the classes are called, in order. */
    public ConfusionPicture names(List<String> classes) {
        if (classes.size() != counts.classes()) {
            throw new JaneException(
                    "chart",
                    "%d names for %d classes; need one each",
                    classes.size(),
                    counts.classes());
        }
        names = List.copyOf(classes);
        return this;
    }

    @Override
    ConfusionPicture self() {
        return this;
    }

    Confusion counts() {
        return counts;
    }

    String name(int label) {
        return names.get(label);
    }

    @Override
    public byte[] png() {
        return counts.classes() > MOST_CELLS ? blocks().png() : new ConfusionPainter(this).png();
    }

    private HeatMap blocks() {
        var rows = new double[counts.classes()][counts.classes()];
        for (int label = 0; label < rows.length; label++) {
            for (int predicted = 0; predicted < rows.length; predicted++) {
                rows[label][predicted] = counts.count(label, predicted);
            }
        }
        return HeatMap.of(rows).title(title()).xLabel(xLabel()).yLabel(yLabel());
    }

    /** Accuracy and the most frequent mistake, as a line under the title. */
    String facts() {
        if (counts.total() == 0) {
            return "no samples";
        }
        var worst = mixUps(1);
        return "%s of %s right; %s"
                .formatted(
                        percent(counts.accuracy()),
                        Figures.count(counts.total()),
                        worst.isEmpty() ? "no mistakes" : "most often " + told(worst.get(0)));
    }

    /** To a tenth, as accuracies are compared; a dash for NaN. */
    static String percent(double share) {
        return share > 0 && share < 1
                ? String.format(Locale.ROOT, "%.1f%%", 100 * share)
                : Figures.percent(share);
    }

    private String told(MixUp pair) {
        return "%s taken for %s (%s)"
                .formatted(name(pair.label()), name(pair.predicted()), Figures.count(pair.count()));
    }

    /** The most frequent mistakes, at most so many. */
    private List<MixUp> mixUps(int most) {
        var found = new ArrayList<MixUp>();
        for (int label = 0; label < counts.classes(); label++) {
            for (int predicted = 0; predicted < counts.classes(); predicted++) {
                int count = counts.count(label, predicted);
                if (label != predicted && count > 0) {
                    found.add(new MixUp(label, predicted, count));
                }
            }
        }
        found.sort(Comparator.comparingInt(MixUp::count).reversed());
        return found.subList(0, Math.min(most, found.size()));
    }

    @Override
    public String alt() {
        var alt = new StringBuilder("Confusion matrix");
        alt.append(title().isEmpty() ? "" : " \"" + title() + "\"");
        alt.append(" of ").append(counts.classes()).append(" classes: ").append(facts());
        int lowest = -1; // none
        for (int c = 0; c < counts.classes(); c++) {
            if (lowest < 0 || !(counts.recall(c) >= counts.recall(lowest))) {
                lowest = Double.isNaN(counts.recall(c)) ? lowest : c;
            }
        }
        if (lowest >= 0 && counts.accuracy() < 1) {
            alt.append("; lowest recall ")
                    .append(percent(counts.recall(lowest)))
                    .append(" (")
                    .append(name(lowest))
                    .append(')');
        }
        return alt.append('.').toString();
    }

    /** The counts as a table; of many classes only the most frequent mistakes. */
    @Override
    public String text() {
        if (counts.classes() > MOST_NUMBERS) {
            return alt()
                    + mixUps(MOST_TOLD).stream()
                            .map(pair -> "\n  " + told(pair))
                            .collect(Collectors.joining());
        }
        var heads = new ArrayList<String>();
        heads.add(yLabel() + " \\ " + xLabel());
        heads.addAll(names);
        heads.add("recall");
        var table = HtmlTable.of(heads);
        var foot = new ArrayList<Object>(List.of("precision"));
        for (int label = 0; label < counts.classes(); label++) {
            var cells = new ArrayList<Object>(List.of(name(label)));
            for (int predicted = 0; predicted < counts.classes(); predicted++) {
                cells.add(counts.count(label, predicted));
            }
            cells.add(percent(counts.recall(label)));
            table.row(cells.toArray());
            foot.add(percent(counts.precision(label)));
        }
        foot.add(percent(counts.accuracy()));
        return table.caption(alt()).foot(foot.toArray()).text();
    }
}
