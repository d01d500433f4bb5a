package jane.notebook.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Draws the boxes of a {@link GraphPicture}. */
final class GraphPainter {
    private static final int MARGIN = 14;
    private static final int PAD = 10;
    private static final int LINE = 16;
    private static final int BETWEEN = 30;
    private static final double WIDEST = 250;

    private final String title;
    private final List<GraphBoxes.Box> boxes;
    private final GraphLayout layout;
    private final Map<GraphBoxes.Box, List<GraphBoxes.Box>> entering = new IdentityHashMap<>();
    private double[] top = new double[0];

    GraphPainter(String title, GraphBoxes boxes) {
        this.title = title;
        this.boxes = boxes.all();
        this.layout = new GraphLayout(this.boxes, GraphPainter::width);
        for (var box : this.boxes) {
            var sources = new ArrayList<>(box.sources);
            sources.sort(Comparator.comparingDouble(s -> lastBefore(s, box).x));
            entering.put(box, sources);
        }
    }

    private GraphLayout.Place lastBefore(GraphBoxes.Box from, GraphBoxes.Box to) {
        var way = layout.way(from, to);
        return way.get(way.size() - 2);
    }

    private static List<String> under(GraphBoxes.Box box) {
        var lines = new ArrayList<String>();
        lines.add(box.type);
        if (!box.outputs.isEmpty()) {
            lines.add("→ " + String.join(", ", box.outputs));
        }
        return lines;
    }

    private static double width(GraphBoxes.Box box) {
        double widest = Canvas.widthOf(box.title, Canvas.STRONG);
        for (var line : under(box)) {
            widest = Math.max(widest, Canvas.widthOf(line, Canvas.SMALL));
        }
        return Math.min(WIDEST, Math.max(48, widest)) + 2 * PAD;
    }

    private static double height(GraphBoxes.Box box) {
        return LINE * (1 + under(box).size()) + 8;
    }

    private double[] tops(double from) {
        var high = new double[layout.layers().size()];
        for (var box : boxes) {
            high[box.layer] = Math.max(high[box.layer], height(box));
        }
        var tops = new double[high.length + 1];
        tops[0] = from;
        for (int i = 0; i < high.length; i++) {
            tops[i + 1] = tops[i] + high[i] + (high[i] > 0 ? BETWEEN : 0);
        }
        return tops;
    }

    byte[] png() {
        double wide = 0;
        for (var layer : layout.layers()) {
            for (var place : layer) {
                wide = Math.max(wide, place.x + place.width / 2);
            }
        }
        int head = title.isEmpty() ? 34 : 58;
        top = tops(head);
        double tall = top[top.length - 1] - BETWEEN;
        double text = Math.max(420, Canvas.widthOf(title, Canvas.TITLE));
        int width = (int) Math.ceil(Math.max(wide, text)) + 2 * MARGIN;
        var canvas = new Canvas(width, (int) Math.ceil(tall) + MARGIN);
        legend(new Head(canvas, title));
        canvas.pen().translate(Math.max(MARGIN, (width - wide) / 2), 0);
        for (var box : boxes) {
            for (int i = 0; i < entering.get(box).size(); i++) {
                arrow(canvas, box, i);
            }
        }
        boxes.forEach(box -> draw(canvas, box));
        return canvas.png();
    }

    private void legend(Head head) {
        for (var kind : GraphBoxes.Kind.values()) {
            if (boxes.stream().anyMatch(box -> box.kind == kind)) {
                head.entry(word(kind), color(kind), new BasicStroke(7));
            }
        }
    }

    private static String word(GraphBoxes.Kind kind) {
        return switch (kind) {
            case INPUT -> "input";
            case PARAMETER -> "parameter";
            case CONSTANT -> "constant";
            case FORWARD -> "forward";
            case BACKWARD -> "backward";
        };
    }

    private static Color color(GraphBoxes.Kind kind) {
        return switch (kind) {
            case INPUT -> Palette.PURPLE;
            case PARAMETER -> Palette.GREEN;
            case CONSTANT -> Palette.FAINT_INK;
            case FORWARD -> Palette.BLUE;
            case BACKWARD -> Palette.VERMILLION;
        };
    }

    private void draw(Canvas canvas, GraphBoxes.Box box) {
        var place = layout.of(box);
        double left = place.x - place.width / 2;
        double y = top[box.layer];
        double round = box.isLeaf() ? 22 : 8;
        var frame = new RoundRectangle2D.Double(left, y, place.width, height(box), round, round);
        var color = color(box.kind);
        canvas.fill(frame, Palette.tint(color));
        canvas.outline(frame, box.outputs.isEmpty() ? 1.2f : 3f, color);
        double room = place.width - 2 * PAD + 1;
        canvas.centred(
                Canvas.fit(box.title, Canvas.STRONG, room),
                place.x,
                y + LINE + 2,
                Canvas.STRONG,
                Palette.INK);
        var lines = under(box);
        for (int i = 0; i < lines.size(); i++) {
            canvas.centred(
                    Canvas.fit(lines.get(i), Canvas.SMALL, room),
                    place.x,
                    y + LINE * (i + 2) + 2,
                    Canvas.SMALL,
                    Palette.INK);
        }
    }

    /** From the foot of source {@code i} to its place on the upper edge of {@code box}. */
    private void arrow(Canvas canvas, GraphBoxes.Box box, int i) {
        var source = entering.get(box).get(i);
        var way = layout.way(source, box);
        var target = layout.of(box);
        int n = entering.get(box).size();
        double endX = target.x + (n == 1 ? 0 : (i / (n - 1.0) - 0.5) * target.width * 0.6);
        double endY = top[box.layer] - 5;
        var path = new Path2D.Double();
        double x = way.get(0).x;
        double y = top[source.layer] + height(source);
        path.moveTo(x, y);
        for (int k = 1; k < way.size(); k++) {
            boolean last = k == way.size() - 1;
            double toX = last ? endX : way.get(k).x;
            double toY = last ? endY : top[way.get(k).layer] - BETWEEN / 3.0;
            double middle = (y + toY) / 2;
            path.curveTo(x, middle, toX, middle, toX, toY);
            x = toX;
            y = toY;
            if (!last) {
                y = top[way.get(k).layer + 1] - BETWEEN;
                path.lineTo(x, y);
            }
        }
        var color = Palette.mix(color(source.kind), Palette.INK, 0.25);
        canvas.outline(path, 1.3f, color);
        var head = new Path2D.Double();
        head.moveTo(endX, endY + 5);
        head.lineTo(endX - 4, endY - 3);
        head.lineTo(endX + 4, endY - 3);
        head.closePath();
        canvas.fill(head, color);
    }
}
