package jane.cli.selftest;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Joining;
import jane.target.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The programs that separate hypotheses on which published findings disagree. */
final class Probes {
    private static final int W = 32;
    private static final int DEEP = 1 << 14;

    private Probes() {}

    static List<Line> on(Place place) {
        var lines = new ArrayList<Line>();
        var target = place.engine().target().orElseThrow();
        all(target.family()).forEach(p -> lines.add(p.on(place)));
        lines.add(reload().on(place));
        lines.sort(Comparator.comparing(Line::name));
        return lines;
    }

    private static List<Probe> all(Family family) {
        var probes = new ArrayList<Probe>();
        probes.addAll(texts());
        probes.add(bias());
        probes.add(rows());
        probes.addAll(ports());
        probes.add(product());
        probes.addAll(products(family));
        probes.add(blobs());
        return probes;
    }

    private static ReloadProbe reload() {
        var x = input(1, 2, 1, W);
        var program = program(List.of(port("x", x)), port("y", Elementwise.add(x, filled(2))));
        var other = program(List.of(port("x", x)), port("y", Elementwise.add(x, filled(6))));
        return new ReloadProbe(program, other.files(), Map.of("x", fill(2 * W, 1)), 3, 7);
    }

    private static Value filled(double value) {
        var values = new double[2 * W];
        Arrays.fill(values, value);
        return constant(values, 1, 2, 1, W);
    }

    private static List<Probe> texts() {
        var x = input(1, 2, 1, W);
        var y = input(1, 2, 1, W);
        var joined = program(List.of(port("x", x), port("y", y)), port("z", concat(x, y)));
        var root = program(List.of(port("x", x)), port("z", Elementwise.rsqrt(x, 1e-5)));
        var values = Map.of("x", fill(2 * W, 1), "y", fill(2 * W, 2));
        var both = fill(4 * W, 2);
        Arrays.fill(both, 0, 2 * W, 1);
        var z = Map.of("z", both);
        var four = Map.of("x", fill(2 * W, 4));
        var half = Map.of("z", fill(2 * W, 0.5f));
        return List.of(
                new Probe("(a) concat with interleave", joined, values, z, 0),
                new Probe("(a) concat without interleave", cut(joined, "interleave"), values, z, 0),
                new Probe("(b) rsqrt with epsilon", root, four, half, 0x1p-9),
                new Probe("(b) rsqrt without epsilon", cut(root, "epsilon"), four, half, 0x1p-9));
    }

    private static Value concat(Value x, Value y) {
        return Joining.concat(List.of(x, y), 1);
    }

    /** {@code program} without this argument and the constant that it names. */
    private static Program cut(Program program, String argument) {
        var text =
                program.text()
                        .replaceAll("(?m)^.* z_" + argument + " = const.*\\R", "")
                        .replaceAll(", " + argument + " = z_" + argument, "");
        return new Program(text, program.files(), program.aliases());
    }

    private static Probe bias() {
        var x = input(1, 1, 1, W);
        var y = Convolution.conv(x, weight(2, 1, 1, 1), constant(new double[] {3, 3}, 2), one());
        return new Probe(
                "(c) convolution with a bias of rank 1",
                program(List.of(port("x", x)), port("y", y)),
                Map.of("x", fill(W, 2)),
                Map.of("y", fill(2 * W, 5)),
                0);
    }

    /** Half of 64 bytes each: right only if they are where the bridge believes them to be. */
    private static Probe rows() {
        var x = input(1, 2, 3, W / 2);
        var program = program(List.of(port("x", x)), port("y", Elementwise.add(x, x)));
        var values = new float[3 * W];
        var twice = new float[3 * W];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + i;
            twice[i] = 2 + 2 * i;
        }
        var inputs = Map.of("x", values);
        return new Probe("(d) rows of W=16", program, inputs, Map.of("y", twice), 0);
    }

    private static List<Probe> ports() {
        var a = input(1, 1, 1, W);
        var b = input(1, 1, 1, W);
        var less = port("y", Elementwise.sub(a, b));
        var values = Map.of("a_in", fill(W, 5), "b_in", fill(W, 3));
        var two = Map.of("y", fill(W, 2));
        var sorted = List.of(port("a_in", a), port("b_in", b));
        var turned = List.of(port("b_in", b), port("a_in", a));
        var three =
                program(
                        List.of(port("x", a)),
                        port("y", Elementwise.shift(a, 1)),
                        port("y1", Elementwise.shift(a, 2)),
                        port("y2", Elementwise.shift(a, 3)));
        return List.of(
                new Probe("(e) inputs in order of names", program(sorted, less), values, two, 0),
                new Probe(
                        "(e) inputs in the other order",
                        program(turned, less),
                        values,
                        two,
                        Map.of("y", fill(W, -2)),
                        0),
                new Probe(
                        "(f) three outputs named y, y1, y2",
                        three,
                        Map.of("x", fill(W, 1)),
                        Map.of("y", fill(W, 2), "y1", fill(W, 3), "y2", fill(W, 4)),
                        Map.of("y", fill(W, 3), "y1", fill(W, 4), "y2", fill(W, 2)),
                        0));
    }

    private static List<Probe> products(Family family) {
        var inf = Float.POSITIVE_INFINITY;
        float odd = family == Family.A16 ? 2048 : 2050; // truncated, or away from zero
        return List.of(
                sum("(h) 2048 + 1 in a convolution", 2, 1, odd, 2048, 1),
                sum("(h) 20000 + 20000 exceeds the accumulator", 2, 1, inf, 20000, 20000),
                sum("(i) NaN into a convolution", 2, 1, inf, Float.NaN, 0),
                sum("(k) 16384 products 2^-9 * 2^-8 are dropped", DEEP, 0x1p-8, 0, 0x1p-9f),
                sum("(k) 16384 products 2^-8 * 2^-8 count", DEEP, 0x1p-8, 0.25f, 0x1p-8f));
    }

    private static Probe product() {
        var x = input(1, 2);
        return new Probe(
                "(h) 2048 + 1 in a product of matrices",
                program(List.of(port("x", x)), port("y", Contraction.matmul(x, weight(2, W)))),
                Map.of("x", new float[] {2048, 1}),
                Map.of("y", fill(W, 2050)),
                0);
    }

    /** A sum over channels, of {@code x[c mod n] * w}. */
    private static Probe sum(String name, int channels, double w, float sum, float... x) {
        var in = input(1, channels, 1, W);
        var values = new double[channels];
        Arrays.fill(values, w);
        var y = Convolution.conv(in, constant(values, 1, channels, 1, 1), one());
        var given = new float[channels * W];
        for (int i = 0; i < given.length; i++) {
            given[i] = x[i / W % x.length];
        }
        var program = program(List.of(port("x", in)), port("y", y));
        return new Probe(name, program, Map.of("x", given), Map.of("y", fill(W, sum)), 0);
    }

    private static Probe blobs() {
        var x = input(1, 2, 1, W);
        Value sum = x;
        for (int i = 0; i < 17; i++) {
            var values = new double[2 * W];
            Arrays.fill(values, 1);
            values[0] = i; // equal constants would share a blob
            sum = Elementwise.add(sum, constant(values, 1, 2, 1, W));
        }
        var y = fill(2 * W, 18);
        y[0] = 1 + 16 * 17 / 2f;
        return new Probe(
                "(j) 17 blobs",
                program(List.of(port("x", x)), port("y", sum)),
                Map.of("x", fill(2 * W, 1)),
                Map.of("y", y),
                0);
    }

    private static Convolution.Conv one() {
        return Convolution.Conv.of(1, 0, 1, 1);
    }

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP16, Shape.of(dims)));
    }

    private static Value weight(int... dims) {
        var values = new double[Shape.of(dims).size()];
        Arrays.fill(values, 1);
        return constant(values, dims);
    }

    private static Value constant(double[] values, int... dims) {
        return Leaf.constant(ConstData.of(new TensorType(DType.FP16, Shape.of(dims)), values));
    }

    private static Graph.Port port(String name, Value value) {
        return new Graph.Port(name, value);
    }

    private static Program program(List<Graph.Port> inputs, Graph.Port... outputs) {
        return MilPrinter.print(Graph.of(inputs, List.of(outputs)));
    }

    private static float[] fill(int count, float value) {
        var values = new float[count];
        Arrays.fill(values, value);
        return values;
    }
}
