package jane.target;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Pooling;
import jane.op.Reductions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Published measurements, and the programs that were measured. M1, M2, M5: ANEForge, section 5
 * (watt-complete runs: the best end-to-end latency of a call; attention is four projections with
 * bias around the decomposed product; M5's fused ops and points on its fitted lines). M3: R 6.1 and
 * 6.2, where the convolution stacks are taken to be 128 deep, as M4's is, and to share one weight,
 * as that benchmark's blob headers make them.
 */
final class CostRows {
    /** A chip, a workload and its time. */
    record Row(String chip, String name, Graph graph, double micros) {}

    static final List<Row> ALL = all();

    private CostRows() {}

    /** Signed error of the model on one row, in percent. */
    static double percent(Row row) {
        return 100 * (Target.named(row.chip()).cost().of(row.graph()).micros() / row.micros() - 1);
    }

    /** Median of the errors' magnitudes on a family's rows. */
    static double medianPercent(Family family) {
        double[] sorted =
                ALL.stream()
                        .filter(row -> Target.named(row.chip()).family() == family)
                        .mapToDouble(row -> Math.abs(percent(row)))
                        .sorted()
                        .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static List<Row> all() {
        var rows = new ArrayList<Row>();
        table(rows, "GEMM 64x256x256", product(64, 256, 256), 164, 110, 92);
        table(rows, "GEMM 128x1024x1024", product(128, 1024, 1024), 405, 135, 86);
        table(rows, "GEMM 256x4096x4096", product(256, 4096, 4096), 2390, 2040, 1290);
        table(rows, "conv 3x3 C64 32x32", stack(1, 64, 32, 3), 191, 107, 103);
        table(rows, "16 x conv 3x3 C256 32x32", stack(16, 256, 32, 3), 1920, 1260, 757);
        table(rows, "attention S197 D768 H12", attention(197), 613, 589, 230);
        table(rows, "attention S512 D768 H12", attention(512), 1810, 1250, 817);
        fused(rows);
        lines(rows);
        rows.add(new Row("m3-pro", "128 x conv 512 ch, 64 positions", flat(64), 4.295e3 / 9.98));
        rows.add(new Row("m3-pro", "128 x conv 512 ch, 2048 pos.", flat(2048), 137.4e3 / 16.77));
        rows.add(new Row("m3", "128 x conv 512 ch, 64 (Ultra)", flat(64), 4.295e3 / 8.08));
        rows.add(new Row("m3", "2560x2560 matrix x vector (Max)", product(1, 2560, 2560), 320));
        return List.copyOf(rows);
    }

    private static void table(
            List<Row> rows, String name, Graph graph, double m1, double m2, double m5) {
        rows.add(new Row("m1-max", name, graph, m1));
        rows.add(new Row("m2-pro", name, graph, m2));
        rows.add(new Row("m5-pro", name, graph, m5));
    }

    private static void fused(List<Row> rows) {
        m5(rows, "relu 64x256", on(Activations::relu, 64, 256), 74);
        m5(rows, "gelu 64x256", on(CostRows::gelu, 64, 256), 84);
        m5(rows, "sigmoid 64x256", on(Activations::sigmoid, 64, 256), 77);
        m5(rows, "softmax 64x256", on(x -> Activations.softmax(x, -1), 64, 256), 74);
        m5(rows, "layer_norm 64x256", on(CostRows::layerNorm, 64, 256), 73);
        m5(rows, "relu 256x1024", on(Activations::relu, 256, 1024), 121);
        m5(rows, "gelu 256x1024", on(CostRows::gelu, 256, 1024), 131);
        m5(rows, "sigmoid 256x1024", on(Activations::sigmoid, 256, 1024), 115);
        m5(rows, "softmax 256x1024", on(x -> Activations.softmax(x, -1), 256, 1024), 139);
        m5(rows, "l2_norm 256x1024", on(CostRows::l2Norm, 256, 1024), 133);
        m5(rows, "layer_norm 256x1024", on(CostRows::layerNorm, 256, 1024), 296);
        m5(rows, "rms_norm 256x1024", on(CostRows::rmsNorm, 256, 1024), 608);
        m5(rows, "max_pool [1,256,32,32]", on(CostRows::pool, 1, 256, 32, 32), 115.5);
    }

    /** Points on the published lines: floor + slope x FLOPs. */
    private static void lines(List<Row> rows) {
        for (int k : new int[] {2048, 4096}) {
            double micros = 79.6 + 6.36e-6 * 2 * k * k;
            m5(rows, "matmul 1x" + k + "x" + k, product(1, k, k), micros);
        }
        for (int channels : new int[] {128, 512}) {
            double flops = 2.0 * channels * channels * 9 * 32 * 32;
            var graph = stack(1, channels, 32, 3);
            m5(rows, "conv 3x3 C" + channels + " 32x32", graph, 88 + 5.1e-8 * flops);
        }
    }

    private static void m5(List<Row> rows, String name, Graph graph, double micros) {
        rows.add(new Row("m5", name, graph, micros));
    }

    static Graph graph(Value x, Value y) {
        return Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
    }

    /** Zeros: only their size counts. */
    static Value weight(int... dims) {
        var type = new TensorType(DType.FP16, Shape.of(dims));
        return Leaf.constant(ConstData.ofBytes(type, ByteBuffer.allocate((int) type.sizeBytes())));
    }

    private static Value input(int... dims) {
        return Leaf.input(new TensorType(DType.FP16, Shape.of(dims)));
    }

    private static Graph on(UnaryOperator<Value> f, int... dims) {
        var x = input(dims);
        return graph(x, f.apply(x));
    }

    private static Graph product(int m, int k, int n) {
        return on(x -> Contraction.matmul(x, weight(n, k), false, true), m, k);
    }

    /** Convolutions with relu, same padding. */
    private static Graph stack(int depth, int channels, int side, int kernel) {
        var x = input(1, channels, side, side);
        var y = x;
        for (int i = 0; i < depth; i++) {
            var w = weight(channels, channels, kernel, kernel);
            y = Convolution.conv(y, w, Convolution.Conv.of(1, kernel / 2, 1, 1));
            y = Activations.relu(y);
        }
        return graph(x, y);
    }

    /** 128 pointwise convolutions of 512 channels. */
    private static Graph flat(int positions) {
        var x = input(1, 512, 1, positions);
        var w = weight(512, 512, 1, 1);
        var y = x;
        for (int i = 0; i < 128; i++) {
            y = Convolution.conv(y, w, Convolution.Conv.of(1, 0, 1, 1));
        }
        return graph(x, y);
    }

    private static Value dense(Value x) {
        return Elementwise.add(
                Contraction.matmul(x, weight(768, 768), false, true), weight(1, 768));
    }

    private static Value heads(Value x, int length) {
        var split = Movement.reshape(x, List.of(length, 12, 64));
        return Movement.transpose(split, List.of(1, 0, 2));
    }

    private static Graph attention(int length) {
        var x = input(length, 768);
        var q = heads(dense(x), length);
        var k = heads(dense(x), length);
        var v = heads(dense(x), length);
        var scores = Elementwise.scale(Contraction.matmul(q, k, false, true), 0.125);
        var mixed = Contraction.matmul(Activations.softmax(scores, -1), v);
        var joined = Movement.transpose(mixed, List.of(1, 0, 2));
        return graph(x, dense(Movement.reshape(joined, List.of(length, 768))));
    }

    private static Value gelu(Value x) {
        return Activations.gelu(x, Activations.GeluMode.EXACT);
    }

    private static Value mean(Value x) {
        return Reductions.mean(x, List.of(-1), true);
    }

    private static Value layerNorm(Value x) {
        var centred = Elementwise.sub(x, mean(x));
        var variance = mean(Elementwise.mul(centred, centred));
        var scaled = Elementwise.mul(centred, Elementwise.rsqrt(variance, 1e-5));
        int n = x.shape().dim(-1);
        return Elementwise.add(Elementwise.mul(scaled, weight(1, n)), weight(1, n));
    }

    private static Value l2Norm(Value x) {
        var norm = Elementwise.sqrt(Reductions.sum(Elementwise.mul(x, x), List.of(-1), true));
        return Elementwise.div(x, norm);
    }

    private static Value rmsNorm(Value x) {
        return Elementwise.mul(l2Norm(x), weight(1, x.shape().dim(-1)));
    }

    private static Value pool(Value x) {
        return Pooling.maxPool(x, Pooling.Pool.of(2, 2, 0));
    }
}
