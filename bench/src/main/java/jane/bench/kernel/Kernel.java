package jane.bench.kernel;

import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Pooling;
import jane.op.Reductions;
import jane.zoo.Workload;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Kernels besides the matrix product, each as a program of that one piece of work. */
public enum Kernel {
    /** gelu((x + y) * y), 1M elements. */
    CHAIN(
            () -> {
                var x = input(1 << 20);
                var y = input(1 << 20);
                var z = Elementwise.mul(Elementwise.add(x, y), y);
                return of(List.of(x, y), Activations.gelu(z, Activations.GeluMode.EXACT));
            }),
    /** Over rows of 256. */
    SOFTMAX(
            () -> {
                var x = input(4096, 256);
                return of(List.of(x), Activations.softmax(x, -1));
            }),
    /** Sums of rows. */
    ROW_SUM(
            () -> {
                var x = input(4096, 256);
                return of(List.of(x), Reductions.sum(x, List.of(1), false));
            }),
    /** Sums of columns: the gradient of a bias. */
    COLUMN_SUM(
            () -> {
                var x = input(4096, 256);
                return of(List.of(x), Reductions.sum(x, List.of(0), false));
            }),
    /** The second convolution of the digits network. */
    CONV_FORWARD(
            () -> {
                var x = input(128, 16, 14, 14);
                var w = input(32, 16, 3, 3);
                return of(List.of(x, w), conv(x, w));
            }),
    /** Its gradient by x. */
    CONV_DX(() -> convGradient(true)),
    /** Its gradient by the weight. */
    CONV_DW(() -> convGradient(false)),
    /** The first convolution of the digits network: one channel in. */
    CONV1_FORWARD(
            () -> {
                var x = input(128, 1, 28, 28);
                var w = input(16, 1, 3, 3);
                return of(List.of(x, w), conv(x, w));
            }),
    /** 2x2, stride 2. */
    MAX_POOL(
            () -> {
                var x = input(128, 16, 28, 28);
                return of(List.of(x), Pooling.maxPool(x, Pooling.Pool.of(2, 2, 0)));
            }),
    /** Its gradient. */
    MAX_POOL_DX(
            () -> {
                var x = input(128, 16, 28, 28);
                var y = Pooling.maxPool(x, Pooling.Pool.of(2, 2, 0));
                var dy = Leaf.input(y.type());
                return of(List.of(x, dy), Gradients.of(y, dy, List.of(x)).get(0));
            }),
    /** fp32 to fp16. */
    TO_HALF(
            () -> {
                var x = input(1 << 20);
                return of(List.of(x), Logic.cast(x, DType.FP16));
            }),
    /** fp16 to fp32. */
    FROM_HALF(
            () -> {
                var x = Leaf.input(new TensorType(DType.FP16, input(1 << 20).shape()));
                return of(List.of(x), Logic.cast(x, DType.FP32));
            }),
    /** The update of a 784 x 256 weight. */
    ADAM(Kernel::adam);

    private record Program(List<Value> inputs, List<Value> outputs) {}

    private final Supplier<Program> program;

    Kernel(Supplier<Program> program) {
        this.program = program;
    }

    /** The kernel compiled, on random data. */
    public Workload workload() {
        var p = program.get();
        return Workload.of(name().toLowerCase(Locale.ROOT), p.inputs(), p.outputs());
    }

    private static Value input(int... dims) {
        return Leaf.input(TensorType.fp32(dims));
    }

    private static Program of(List<Value> inputs, Value output) {
        return new Program(inputs, List.of(output));
    }

    private static Value conv(Value x, Value w) {
        return Convolution.conv(x, w, Convolution.Conv.of(1, 1, 1, 1));
    }

    private static Program convGradient(boolean byX) {
        var x = input(128, 16, 14, 14);
        var w = input(32, 16, 3, 3);
        var y = conv(x, w);
        var dy = Leaf.input(y.type());
        var by = byX ? x : w;
        return of(List.of(byX ? w : x, dy), Gradients.of(y, dy, List.of(by)).get(0));
    }

    private static Program adam() {
        var p = input(784, 256);
        var g = input(784, 256);
        var m = input(784, 256);
        var v = input(784, 256);
        var nextM = Elementwise.add(Elementwise.scale(m, 0.9), Elementwise.scale(g, 0.1));
        var square = Elementwise.scale(Elementwise.square(g), 0.001);
        // of a random v, some are negative; the square makes the root real
        var nextV = Elementwise.add(Elementwise.scale(Elementwise.square(v), 0.999), square);
        var size = Elementwise.shift(Elementwise.sqrt(nextV), 1e-8);
        var change = Elementwise.scale(Elementwise.div(nextM, size), 1e-3);
        return new Program(List.of(p, g, m, v), List.of(Elementwise.sub(p, change), nextM, nextV));
    }
}
