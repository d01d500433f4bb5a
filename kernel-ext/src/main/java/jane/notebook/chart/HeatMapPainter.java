package jane.notebook.chart;

import java.awt.Color;
import java.util.Locale;

/** Draws a {@link HeatMap}. */
final class HeatMapPainter {
    private static final int NUMBERS_UP_TO = 12;
    private static final int NUMBER_WIDTH = 50;
    private static final int NUMBER_HEIGHT = 28;
    private static final int BAR = 16;
    private static final int TICK_ROOM = 22;
    private static final int SPACE = 480;
    private static final int TALL = 384;

    private final HeatMap map;
    private final Grid grid;
    private final Range scale;
    private final boolean signed;
    private final boolean numbers;
    private final double cellWidth;
    private final double cellHeight;

    HeatMapPainter(HeatMap map) {
        this.map = map;
        this.grid = map.grid();
        var range = grid.range();
        signed = range.low() < 0 && range.high() > 0;
        double reach = Math.max(-range.low(), range.high());
        scale = signed ? new Range(-reach, reach) : range;
        numbers = grid.rows() <= NUMBERS_UP_TO && grid.columns() <= NUMBERS_UP_TO;
        double side =
                Math.min(
                        40, Math.min((double) SPACE / grid.columns(), (double) TALL / grid.rows()));
        side = side >= 1 ? Math.floor(side) : side;
        cellWidth = numbers ? NUMBER_WIDTH : Math.max(side, Math.min(4, 640.0 / grid.columns()));
        cellHeight = numbers ? NUMBER_HEIGHT : Math.max(side, grid.rows() == 1 ? 24 : 3);
    }

    byte[] png() {
        double wide = cellWidth * grid.columns();
        double tall = cellHeight * grid.rows();
        int left = 12 + rowTickRoom() + (map.yLabel().isEmpty() ? 0 : TICK_ROOM);
        double barTall = Math.max(tall, 84);
        int right = 24 + BAR + 8 + barRoom();
        double head = map.title().isEmpty() ? 32 : 54;
        int foot = TICK_ROOM + (map.xLabel().isEmpty() ? 0 : TICK_ROOM) + 6;
        double facts =
                Math.max(
                        Canvas.widthOf(map.title(), Canvas.TITLE),
                        Canvas.widthOf(map.facts(), Canvas.TEXT));
        int width = (int) Math.ceil(Math.max(left + wide + right, Math.min(700, facts + 36)));
        var canvas = new Canvas(width, (int) Math.ceil(head + barTall + foot));
        new Head(canvas, map.title()).line(map.facts(), Palette.FAINT_INK);
        canvas.pen().translate(left, head);
        cells(canvas);
        ticks(canvas, wide, tall, left);
        canvas.pen().translate(wide + 24, 0);
        bar(canvas, barTall);
        return canvas.png();
    }

    private int rowTickRoom() {
        return (int)
                        Math.ceil(
                                Canvas.widthOf(
                                        Integer.toString(grid.rows() * grid.blockRows()),
                                        Canvas.SMALL))
                + 8;
    }

    private int barRoom() {
        double room = 0;
        for (double x : new double[] {scale.low(), scale.high()}) {
            room = Math.max(room, Canvas.widthOf(Figures.of(x, 3), Canvas.SMALL));
        }
        return (int) Math.ceil(room) + 12;
    }

    private Color color(double share) {
        return signed ? Palette.signed(share) : Palette.rising(share);
    }

    private void cells(Canvas canvas) {
        for (int r = 0; r < grid.rows(); r++) {
            for (int c = 0; c < grid.columns(); c++) {
                cell(canvas, r, c);
            }
        }
    }

    private void cell(Canvas canvas, int r, int c) {
        // Whole pixels, so that no light shows between neighbours.
        double x = Math.floor(c * cellWidth);
        double y = Math.floor(r * cellHeight);
        double w = Math.floor((c + 1) * cellWidth) - x;
        double h = Math.floor((r + 1) * cellHeight) - y;
        double value = grid.at(r, c);
        if (Double.isNaN(value)) {
            canvas.fill(x, y, w, h, Palette.MISSING);
            canvas.line(x, y, x + w, y + h, 1, Palette.INK);
            canvas.line(x, y + h, x + w, y, 1, Palette.INK);
            return;
        }
        var color = color(scale.share(value));
        canvas.fill(x, y, w, h, color);
        if (numbers) {
            canvas.centred(
                    number(value), x + w / 2, y + h / 2 + 4.5, Canvas.SMALL, Palette.on(color));
        }
    }

    /** At most six characters. */
    private static String number(double x) {
        var text = Figures.of(x, 3);
        return text.length() <= 6 ? text : String.format(Locale.ROOT, "%.0e", x);
    }

    private void ticks(Canvas canvas, double wide, double tall, int left) {
        int every = step(grid.columns() * grid.blockColumns(), wide / 34);
        for (int i = 0; i < grid.columns() * grid.blockColumns(); i += every) {
            double x = (i / grid.blockColumns() + 0.5) * cellWidth;
            canvas.centred(Integer.toString(i), x, tall + 16, Canvas.SMALL, Palette.FAINT_INK);
        }
        int down = step(grid.rows() * grid.blockRows(), tall / 18);
        for (int i = 0; i < grid.rows() * grid.blockRows(); i += down) {
            double y = (i / grid.blockRows() + 0.5) * cellHeight;
            canvas.right(Integer.toString(i), -6, y + 4.5, Canvas.SMALL, Palette.FAINT_INK);
        }
        if (!map.xLabel().isEmpty()) {
            canvas.centred(map.xLabel(), wide / 2, tall + 36, Canvas.TEXT, Palette.INK);
        }
        if (!map.yLabel().isEmpty()) {
            canvas.upwards(map.yLabel(), 22 - left, tall / 2, Canvas.TEXT, Palette.INK);
        }
    }

    /** 1, 2 or 5 times a power of ten, so that at most {@code room} labels are written. */
    private static int step(int indices, double room) {
        int step = 1;
        for (int i = 0; indices / (double) step > Math.max(1, room); i++) {
            step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        }
        return step;
    }

    private void bar(Canvas canvas, double tall) {
        if (Double.isNaN(scale.low())) {
            return;
        }
        for (int y = 0; y < tall; y++) {
            canvas.fill(0, y, BAR, 1, color(1 - y / tall));
        }
        var font = Canvas.SMALL;
        if (scale.low() == scale.high()) {
            canvas.left(Figures.of(scale.low(), 3), BAR + 6, tall / 2 + 4.5, font, Palette.INK);
            return;
        }
        double middle = (scale.low() + scale.high()) / 2;
        canvas.left(Figures.of(scale.high(), 3), BAR + 6, 10, font, Palette.INK);
        canvas.left(Figures.of(middle, 3), BAR + 6, tall / 2 + 4.5, font, Palette.INK);
        canvas.left(Figures.of(scale.low(), 3), BAR + 6, tall, font, Palette.INK);
    }
}
