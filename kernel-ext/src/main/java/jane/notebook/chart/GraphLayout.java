package jane.notebook.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Where boxes go: a layer per row, rows ordered so that few arrows cross, boxes near the middle of
 * what they are joined to. An arrow over several layers is led through a place of its own in each.
 *
 * <p><b>Source.</b> Sugiyama, Tagawa and Toda 1981 (layers, barycentres); positions by isotonic
 * regression, which is optimal for a row when its neighbours are fixed.
 */
final class GraphLayout {
    /** A box, or the place where a long arrow passes a layer. */
    static final class Place {
        final int layer;
        final double width;
        final List<Place> up = new ArrayList<>();
        final List<Place> down = new ArrayList<>();
        List<Place> way = List.of();
        int order;
        double x;

        Place(int layer, double width) {
            this.layer = layer;
            this.width = width;
        }
    }

    private static final int SWEEPS = 24;
    private static final double GAP = 18;
    private static final double PASSING = 8;

    private final List<List<Place>> layers = new ArrayList<>();
    private final Map<GraphBoxes.Box, Place> places = new IdentityHashMap<>();
    private final Map<GraphBoxes.Box, Map<GraphBoxes.Box, List<Place>>> ways =
            new IdentityHashMap<>();

    GraphLayout(List<GraphBoxes.Box> boxes, ToDoubleFunction<GraphBoxes.Box> width) {
        for (var box : boxes) {
            places.put(box, place(box.layer, width.applyAsDouble(box)));
        }
        for (var box : boxes) {
            for (var source : box.sources) {
                lead(source, box);
            }
        }
        order();
        position();
    }

    /** Rows of boxes and passing places, top first, left to right. */
    List<List<Place>> layers() {
        return layers;
    }

    Place of(GraphBoxes.Box box) {
        return places.get(box);
    }

    /** From a box to one that reads it: both ends and the places between. */
    List<Place> way(GraphBoxes.Box from, GraphBoxes.Box to) {
        return ways.get(from).get(to);
    }

    private Place place(int layer, double width) {
        while (layers.size() <= layer) {
            layers.add(new ArrayList<>());
        }
        var place = new Place(layer, width);
        place.order = layers.get(layer).size();
        layers.get(layer).add(place);
        return place;
    }

    private void lead(GraphBoxes.Box source, GraphBoxes.Box box) {
        var way = new ArrayList<Place>();
        way.add(places.get(source));
        for (int layer = source.layer + 1; layer < box.layer; layer++) {
            way.add(place(layer, PASSING));
        }
        way.add(places.get(box));
        var passing = way.subList(1, way.size() - 1);
        passing.forEach(place -> place.way = passing);
        for (int i = 1; i < way.size(); i++) {
            way.get(i - 1).down.add(way.get(i));
            way.get(i).up.add(way.get(i - 1));
        }
        ways.computeIfAbsent(source, s -> new IdentityHashMap<>()).put(box, way);
    }

    private void order() {
        Map<Place, Integer> best = new HashMap<>();
        long fewest = Long.MAX_VALUE;
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            for (int i = 0; i < layers.size(); i++) {
                boolean down = sweep % 2 == 0;
                sort(layers.get(down ? i : layers.size() - 1 - i), down);
            }
            long crossings = crossings();
            if (crossings < fewest) {
                fewest = crossings;
                layers.forEach(layer -> layer.forEach(p -> best.put(p, p.order)));
            }
        }
        for (var layer : layers) {
            layer.forEach(p -> p.order = best.get(p));
            layer.sort(Comparator.comparingInt(p -> p.order));
        }
    }

    /** By the mean order of the neighbours above, or below; what has none keeps its order. */
    private static void sort(List<Place> layer, boolean down) {
        Map<Place, Double> key = new IdentityHashMap<>();
        for (var place : layer) {
            var near = down ? place.up : place.down;
            key.put(place, near.stream().mapToInt(p -> p.order).average().orElse(place.order));
        }
        layer.sort(Comparator.comparingDouble(key::get));
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).order = i;
        }
    }

    private long crossings() {
        long sum = 0;
        for (var layer : layers) {
            var edges = new ArrayList<int[]>();
            layer.forEach(p -> p.down.forEach(q -> edges.add(new int[] {p.order, q.order})));
            for (int i = 0; i < edges.size(); i++) {
                for (int j = 0; j < i; j++) {
                    var a = edges.get(i);
                    var b = edges.get(j);
                    sum += (long) (a[0] - b[0]) * (a[1] - b[1]) < 0 ? 1 : 0;
                }
            }
        }
        return sum;
    }

    private void position() {
        for (var layer : layers) {
            double x = 0;
            for (var place : layer) {
                place.x = x + place.width / 2;
                x += place.width + GAP;
            }
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 0; i < layers.size(); i++) {
                align(layers.get(sweep % 2 == 0 ? i : layers.size() - 1 - i), sweep);
            }
        }
        double left = Double.POSITIVE_INFINITY;
        for (var layer : layers) {
            for (var place : layer) {
                left = Math.min(left, place.x - place.width / 2);
            }
        }
        for (var layer : layers) {
            for (var place : layer) {
                place.x -= left;
            }
        }
    }

    /**
     * Puts each place of a row as near to the mean of its neighbours as the others allow: places
     * that push one another form a block, which stands at the mean of what its places want.
     */
    private static void align(List<Place> layer, int sweep) {
        int n = layer.size();
        var offset = new double[n];
        var level = new double[n];
        var weight = new double[n];
        var size = new int[n];
        int blocks = 0;
        for (int i = 0; i < n; i++) {
            var place = layer.get(i);
            if (i > 0) {
                var before = layer.get(i - 1);
                offset[i] = offset[i - 1] + (before.width + place.width) / 2 + GAP;
            }
            // A bend in a long arrow is uglier than a box off its middle.
            weight[blocks] = place.way.isEmpty() ? 1 : 4;
            level[blocks] = wanted(place, sweep) - offset[i];
            size[blocks++] = 1;
            while (blocks > 1 && level[blocks - 2] > level[blocks - 1]) {
                blocks--;
                double sum = weight[blocks - 1] + weight[blocks];
                level[blocks - 1] =
                        (level[blocks - 1] * weight[blocks - 1] + level[blocks] * weight[blocks])
                                / sum;
                weight[blocks - 1] = sum;
                size[blocks - 1] += size[blocks];
            }
        }
        int at = 0;
        for (int b = 0; b < blocks; b++) {
            for (int k = 0; k < size[b]; k++, at++) {
                layer.get(at).x = level[b] + offset[at];
            }
        }
    }

    /** At first under what is above, then in the middle of both; a long arrow upright. */
    private static double wanted(Place place, int sweep) {
        boolean both = sweep >= SWEEPS / 3;
        if (both && place.way.size() > 1) {
            return upright(place);
        }
        double sum = 0;
        int count = 0;
        if (both || sweep % 2 == 0) {
            for (var p : place.up) {
                sum += p.x;
                count++;
            }
        }
        if (both || sweep % 2 == 1) {
            for (var p : place.down) {
                sum += p.x;
                count++;
            }
        }
        return count == 0 ? place.x : sum / count;
    }

    /** In line with the rest of its arrow, and that drawn a little towards both ends. */
    private static double upright(Place place) {
        double sum = 0;
        for (var p : place.way) {
            sum += p.x;
        }
        int n = place.way.size();
        double ends = place.way.get(0).up.get(0).x + place.way.get(n - 1).down.get(0).x;
        return 0.9 * sum / n + 0.05 * ends;
    }
}
