package jane.notebook.chart;

import jane.train.Confusion;
import java.awt.Color;

/** Draws a {@link ConfusionPicture}. */
final class ConfusionPainter {
    private static final int MARGIN = 12;
    private static final int LINE = 20;
    private static final int MOST_NAME = 120;
    private static final int SPACE = 512;

    private final ConfusionPicture picture;
    private final Confusion counts;
    private final int classes;
    private final boolean numbers;
    private final double nameWidth;
    private final int cellWidth;
    private final int cellHeight;
    private final int mostMistakes;

    ConfusionPainter(ConfusionPicture picture) {
        this.picture = picture;
        counts = picture.counts();
        classes = counts.classes();
        numbers = classes <= ConfusionPicture.MOST_NUMBERS;
        double widest = 0;
        int most = 0;
        for (int c = 0; c < classes; c++) {
            widest = Math.max(widest, Canvas.widthOf(picture.name(c), Canvas.SMALL));
            for (int p = 0; p < classes; p++) {
                most = c == p ? most : Math.max(most, counts.count(c, p));
            }
        }
        nameWidth = Math.min(MOST_NAME, widest);
        mostMistakes = most;
        cellWidth =
                numbers
                        ? (int) Math.max(46, Math.min(nameWidth + 10, SPACE / classes))
                        : Math.max(4, SPACE / classes);
        cellHeight = numbers ? 26 : cellWidth;
    }

    byte[] png() {
        double left = MARGIN + (picture.yLabel().isEmpty() ? 0 : LINE) + nameWidth + 8;
        double top =
                (picture.title().isEmpty() ? 28 : 50)
                        + (picture.xLabel().isEmpty() ? 4 : LINE)
                        + LINE;
        double wide = (double) cellWidth * classes;
        double tall = (double) cellHeight * classes;
        double needed = left + wide + (numbers ? 64 : 0) + MARGIN;
        double facts =
                Math.max(
                        Canvas.widthOf(picture.title(), Canvas.TITLE),
                        Canvas.widthOf(picture.facts(), Canvas.TEXT));
        var canvas =
                new Canvas(
                        (int) Math.ceil(Math.max(needed, Math.min(700, facts + 2 * MARGIN + 2))),
                        (int) Math.ceil(top + tall + (numbers ? 32 : MARGIN)));
        new Head(canvas, picture.title()).line(picture.facts(), Palette.FAINT_INK);
        canvas.pen().translate(left, top);
        axes(canvas, wide, tall, left);
        for (int label = 0; label < classes; label++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                cell(canvas, label, predicted);
            }
        }
        if (numbers) {
            shares(canvas, wide, tall);
        }
        return canvas.png();
    }

    private void axes(Canvas canvas, double wide, double tall, double left) {
        int columnStep = step(numbers ? 1 : 34.0 / cellWidth);
        int rowStep = step(numbers ? 1 : 16.0 / cellHeight);
        for (int c = 0; c < classes; c++) {
            if (c % columnStep == 0) {
                double room = cellWidth * (double) columnStep - 4;
                var name = Canvas.fit(picture.name(c), Canvas.SMALL, room);
                canvas.centred(name, (c + 0.5) * cellWidth, -7, Canvas.SMALL, Palette.FAINT_INK);
            }
            if (c % rowStep == 0) {
                var name = Canvas.fit(picture.name(c), Canvas.SMALL, nameWidth + 1);
                double y = (c + 0.5) * cellHeight + 4.5;
                canvas.right(name, -8, y, Canvas.SMALL, Palette.FAINT_INK);
            }
        }
        canvas.centred(picture.xLabel(), wide / 2, -25, Canvas.TEXT, Palette.INK);
        canvas.upwards(picture.yLabel(), MARGIN + 11 - left, tall / 2, Canvas.TEXT, Palette.INK);
    }

    /** 1, 2, 5, 10 ...: the first that is no less than {@code least}. */
    private static int step(double least) {
        int step = 1;
        for (int i = 0; step < least; i++) {
            step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        }
        return step;
    }

    private void cell(Canvas canvas, int label, int predicted) {
        int count = counts.count(label, predicted);
        var color = color(label, predicted, count);
        int gap = cellWidth > 8 ? 1 : 0;
        double x = (double) predicted * cellWidth;
        double y = (double) label * cellHeight;
        canvas.fill(x, y, cellWidth - gap, cellHeight - gap, color);
        if (numbers && count > 0) {
            var text = Canvas.fit(Figures.count(count), Canvas.SMALL, cellWidth - 2);
            canvas.centred(
                    text,
                    x + cellWidth / 2.0,
                    y + cellHeight / 2.0 + 4,
                    Canvas.SMALL,
                    Palette.on(color));
        }
    }

    /** Blue by recall on the diagonal; elsewhere orange, and even a single mistake is visible. */
    private Color color(int label, int predicted, int count) {
        if (label == predicted) {
            double recall = count == 0 ? 0 : counts.recall(label);
            return Palette.mix(Palette.PAPER, Palette.BLUE, 0.15 + 0.85 * recall);
        }
        if (count == 0) {
            return Palette.mix(Palette.PAPER, Palette.GRID, 0.35);
        }
        double share = (double) count / mostMistakes;
        return Palette.mix(Palette.PAPER, Palette.VERMILLION, 0.2 + 0.8 * share);
    }

    private void shares(Canvas canvas, double wide, double tall) {
        var ink = Palette.FAINT_INK;
        canvas.right("recall", wide + 58, -7, Canvas.SMALL, ink);
        for (int c = 0; c < classes; c++) {
            double y = (c + 0.5) * cellHeight + 4.5;
            var recall = ConfusionPicture.percent(counts.recall(c));
            canvas.right(recall, wide + 58, y, Canvas.SMALL, Palette.INK);
            var precision = ConfusionPicture.percent(counts.precision(c));
            canvas.centred(precision, (c + 0.5) * cellWidth, tall + 17, Canvas.SMALL, Palette.INK);
        }
        canvas.left("precision", wide + 4, tall + 17, Canvas.SMALL, ink);
    }
}
