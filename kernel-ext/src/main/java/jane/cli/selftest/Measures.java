package jane.cli.selftest;

import jane.conform.NumpyNormal;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Half;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.target.CostModel;
import jane.zoo.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/** Numbers that others published for chips: errors of products, and times. */
final class Measures {
    private static final String GEMM = "GEMM errors";
    private static final String TIMES = "times";
    private static final double SAME_DIGITS = 1e-9;

    private final Place place;
    private final CostModel model;

    /** Of an engine that has a target. */
    Measures(Place place) {
        this.place = place;
        model = place.engine().target().orElseThrow().cost();
    }

    List<Line> all() {
        int n = place.hardware() ? 2048 : 256;
        int c = place.hardware() ? 512 : 16;
        int layers = place.hardware() ? 8 : 2;
        var gemm = "peak GEMM, %d x %d x %d".formatted(n / 2, n, n);
        var conv = "peak convolution, %d layers 3x3, %d channels, 64 x 64".formatted(layers, c);
        var lines = new ArrayList<Line>();
        lines.addAll(tried(GEMM, () -> error(64, 256, 256, 0.0012522854527169441)));
        lines.addAll(tried(GEMM, () -> error(128, 1024, 1024, 0.005521493491066952)));
        lines.addAll(tried(TIMES, this::dispatch));
        lines.addAll(tried(TIMES, () -> rate(gemm, product(n / 2, n))));
        lines.addAll(tried(TIMES, () -> rate(conv, convolutions(layers, c))));
        return lines;
    }

    private List<Line> tried(String section, Supplier<Line> work) {
        return place.tried(section, "runs", () -> List.of(work.get()));
    }

    /** Relative error of a product, from the inputs for which it was published. */
    Line error(int m, int k, int n, double published) {
        var random = new NumpyNormal(0);
        var x = scaled(random, m * k, k);
        var w = scaled(random, n * k, k);
        var in = Leaf.input(type(m, k));
        var turned = new double[w.length];
        var halves = new float[x.length];
        for (int i = 0; i < w.length; i++) {
            turned[i % k * n + i / k] = half(w[i]);
        }
        for (int i = 0; i < x.length; i++) {
            halves[i] = half(x[i]);
        }
        var weight = Leaf.constant(ConstData.of(type(k, n), turned));
        var name = "error of %d x %d x %d".formatted(m, k, n);
        try (var run =
                new Run(
                        place.engine(),
                        MilPrinter.print(graph(in, Contraction.matmul(in, weight))))) {
            run.put("x", halves);
            run.run();
            double found = relative(run.get("y"), x, w, k);
            boolean ok = Math.abs(found - published) <= SAME_DIGITS * published;
            var expected = published + ", published for M1 Max, M2 Pro and M5 Pro";
            return place.line(GEMM, name, expected, "" + found, ok);
        }
    }

    private static double relative(float[] y, double[] x, double[] w, int k) {
        int n = w.length / k;
        double error = 0;
        double norm = 0;
        for (int at = 0; at < y.length; at++) {
            double exact = 0;
            for (int p = 0; p < k; p++) {
                exact += x[at / n * k + p] * w[at % n * k + p];
            }
            error += (y[at] - exact) * (y[at] - exact);
            norm += exact * exact;
        }
        return Math.sqrt(error / norm);
    }

    /** As the published benchmark makes them: floats, divided by the root of K in double. */
    private static double[] scaled(NumpyNormal random, int count, int k) {
        var values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.next() / Math.sqrt(k);
        }
        return values;
    }

    private static float half(double x) {
        return Half.toFloat(Half.fromDouble(x));
    }

    private Line dispatch() {
        var x = Leaf.input(type(1, 1, 1, 32));
        var graph = graph(x, Elementwise.add(x, x));
        double micros = 1e3 * time(graph).median();
        double predicted = model.of(graph).micros();
        return timed(place, TIMES, "dispatch floor, one small add", micros, predicted, "us");
    }

    private Line rate(String name, Graph graph) {
        double teraflops = graph.flops() / time(graph).median() / 1e9;
        return timed(place, TIMES, name, teraflops, model.of(graph).teraflops(), "TFLOP/s");
    }

    /** A measured number beside the cost model's, which has its constants from publications. */
    static Line timed(
            Place place, String section, String name, double found, double predicted, String unit) {
        var expected =
                String.format(
                        Locale.ROOT,
                        "%.4g %s on %s by the cost model, within a factor of 2",
                        predicted,
                        unit,
                        place.engine().target().orElseThrow().name());
        var text = String.format(Locale.ROOT, "%.4g %s", found, unit);
        if (!place.hardware()) {
            var why = "no Neural Engine ran: " + text + " is this processor's";
            return place.line(section, name, expected, why, Verdict.UNAVAILABLE);
        }
        boolean ok = found <= 2 * predicted && found >= predicted / 2;
        return place.line(section, name, expected, text, ok);
    }

    private Timing time(Graph graph) {
        try (var run = new Run(place.engine(), MilPrinter.print(graph))) {
            return Timing.of(run::run, place.hardware() ? 1 : 0.1);
        }
    }

    private static Graph product(int m, int n) {
        var x = Leaf.input(type(m, n));
        return graph(x, Contraction.matmul(x, weights(1, n, n)));
    }

    private static Graph convolutions(int layers, int channels) {
        var x = Leaf.input(type(1, channels, 64, 64));
        var y = x;
        for (int i = 0; i < layers; i++) {
            var weight = weights(i, channels, channels, 3, 3);
            y = Convolution.conv(y, weight, Convolution.Conv.of(1, 1, 1, 1));
        }
        return graph(x, y);
    }

    private static Value weights(int seed, int... dims) {
        var type = type(dims);
        var random = new Random(seed);
        var values = random.doubles(type.shape().size(), -0.03, 0.03).toArray();
        return Leaf.constant(ConstData.of(type, values));
    }

    private static Graph graph(Value x, Value y) {
        return Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
    }

    private static TensorType type(int... dims) {
        return new TensorType(DType.FP16, Shape.of(dims));
    }
}
