package jane.engine.sim;

import static jane.op.Contraction.ofMatrices;

import jane.engine.Buffer;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.Contraction.Operand;
import jane.engine.sim.Contraction.Start;
import jane.ir.Node;
import jane.ir.Shape;
import jane.op.Contraction.Transposed;
import jane.op.Convolution;
import jane.op.Convolution.Conv;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A matmul, linear, conv or conv_transpose node as {@link Contraction}s: where its operands lie,
 * and the copies that bring them there. Images are copied into zeros: padding, and for a transposed
 * convolution the gaps of its stride; products with zeros leave no trace in the sums.
 */
final class Operands {
    /**
     * Copies a part of an input, {@code part} from {@code skip} on, into halves: its element (i, j,
     * ..) to {@code offset + i strides[0] + j strides[1] + ..}.
     */
    private record Place(
            int input,
            Shape shape,
            List<Integer> skip,
            Shape part,
            ByteBuffer halves,
            int offset,
            List<Integer> strides) {
        /** Whether all of the input is copied as it lies. */
        boolean isDense() {
            return part.equals(shape) && strides.equals(list(shape.strides()));
        }

        void fill(ShortBuffer from) {
            var to = halves.asShortBuffer();
            int last = part.rank() - 1;
            int row = part.dim(last);
            int rows = row == 0 ? 0 : part.size() / row;
            var own = shape.strides();
            for (int r = 0; r < rows; r++) {
                int at = offset;
                int src = skip.get(last);
                int rest = r;
                for (int axis = last - 1; axis >= 0; axis--) {
                    int i = rest % part.dim(axis);
                    rest /= part.dim(axis);
                    at += i * strides.get(axis);
                    src += (skip.get(axis) + i) * own[axis];
                }
                int step = strides.get(last);
                if (step == 1) {
                    to.put(at, from, src, row);
                    continue;
                }
                for (int i = 0; i < row; i++) {
                    to.put(at + i * step, from.get(src + i));
                }
            }
        }
    }

    private final List<Place> places = new ArrayList<>();
    private final List<Contraction> contractions = new ArrayList<>();
    private final Set<Integer> constants = new HashSet<>();
    private final Set<Place> filled = Collections.newSetFromMap(new IdentityHashMap<>()); // once
    private ByteBuffer result = Operand.halves(0);
    private ByteBuffer all = Operand.halves(0); // an input on its way to its place

    private Operands() {}

    /** Whether a node is one of the four. */
    static boolean takes(Node<?> node) {
        return switch (node.op().name()) {
            case "matmul", "linear", "conv", "conv_transpose" -> true;
            default -> false;
        };
    }

    /**
     * The operands of a node.
     *
     * @param truncates results of convolutions toward zero
     */
    static Operands of(Node<?> node, boolean truncates) {
        var operands = new Operands();
        operands.result = Operand.halves(node.out().shape().size());
        if (node.out().shape().size() == 0) {
            return operands; // nothing to compute, and no element that an offset could mean
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.in(i).isConst()) {
                operands.constants.add(i);
            }
        }
        if (node.attrs() instanceof Transposed t) {
            operands.matmul(ofMatrices(t, node.in(0), node.in(1)));
        } else if (node.attrs() instanceof Conv conv) {
            operands.convolution(node, conv, truncates);
        } else {
            operands.linear(node);
        }
        return operands;
    }

    /** All of them; they may run in any order. */
    List<Contraction> contractions() {
        return contractions;
    }

    /** Takes the node's inputs. */
    void fill(List<Buffer> inputs, CpuEngine cpu) {
        for (var place : places) {
            if (constants.contains(place.input()) && !filled.add(place)) {
                continue;
            }
            var from = inputs.get(place.input()).bytes();
            int count = place.shape().size();
            if (place.isDense()) {
                Halves.narrow(from, place.halves(), count, cpu);
                continue;
            }
            if (all.capacity() < 2 * count) {
                all = Operand.halves(count);
            }
            Halves.narrow(from, all, count, cpu);
            place.fill(all.asShortBuffer());
        }
    }

    /** Gives the result, of the node's shape. */
    void result(Buffer out, CpuEngine cpu) {
        Halves.widen(result, out.bytes(), out.type().shape().size(), cpu);
    }

    private ByteBuffer dense(Node<?> node, int input) {
        var shape = node.in(input).shape();
        var halves = Operand.halves(shape.size());
        var none = Collections.nCopies(shape.rank(), 0);
        places.add(new Place(input, shape, none, shape, halves, 0, list(shape.strides())));
        return halves;
    }

    private static long[] steps(int count, long step) {
        var offsets = new long[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = i * step;
        }
        return offsets;
    }

    private void linear(Node<?> node) {
        var w = node.in(1).shape();
        int k = w.dim(1);
        int n = w.dim(0);
        int m = n == 0 ? 0 : node.out().shape().size() / n;
        var x = new Operand(dense(node, 0), steps(m, k), steps(k, 1));
        var weight = new Operand(dense(node, 1), steps(k, 1), steps(n, k));
        var y = new Operand(result, steps(m, n), steps(n, 1));
        Optional<Start> start =
                node.inputs().size() > 2
                        ? Optional.of(new Start(dense(node, 2), false))
                        : Optional.empty();
        contractions.add(new Contraction(x, weight, y, start, false));
    }

    private void matmul(Node<Transposed> node) {
        var t = node.attrs();
        var xs = node.in(0).shape();
        var ws = node.in(1).shape();
        var ys = node.out().shape();
        int k = xs.dim(t.x() ? -2 : -1);
        int m = ys.dim(-2);
        int n = ys.dim(-1);
        var x = new Operand(dense(node, 0), steps(m, t.x() ? 1 : k), steps(k, t.x() ? m : 1));
        var w = new Operand(dense(node, 1), steps(k, t.y() ? 1 : n), steps(n, t.y() ? k : 1));
        var y = new Operand(result, steps(m, n), steps(n, 1));
        var batch = ys.slice(0, ys.rank() - 2);
        for (int b = 0; b < batch.size(); b++) {
            contractions.add(
                    new Contraction(
                            x.at(matrix(b, batch, xs) * m * k),
                            w.at(matrix(b, batch, ws) * k * n),
                            y.at(b * m * n),
                            Optional.empty(),
                            false));
        }
    }

    /** Which matrix of an operand a batch index means; axes of length 1 repeat. */
    private static int matrix(int index, Shape batch, Shape operand) {
        int at = 0;
        int step = 1;
        int own = operand.rank() - 3;
        for (int axis = batch.rank() - 1; axis >= 0 && own >= 0; axis--, own--) {
            at += operand.dim(own) == 1 ? 0 : index % batch.dim(axis) * step;
            index /= batch.dim(axis);
            step *= operand.dim(own);
        }
        return at;
    }

    private void convolution(Node<?> node, Conv a, boolean truncates) {
        boolean transposed = node.op() == Convolution.CONV_TRANSPOSE;
        var x = node.in(0).shape();
        var w = node.in(1).shape();
        var y = node.out().shape();
        int axes = x.rank() - 2;
        // The image in zeros: in[i] elements on each axis, from which window o, tap k reads element
        // o stride + k dilation (k counted from the end if transposed).
        var in = new int[axes];
        var begin = new int[axes];
        var spread = new int[axes];
        for (int i = 0; i < axes; i++) {
            int reach = (w.dim(2 + i) - 1) * a.dilations().get(i);
            int stride = a.strides().get(i);
            int before = before(a, i, x.dim(2 + i), y.dim(2 + i), reach, transposed);
            in[i] = (y.dim(2 + i) - 1) * (transposed ? 1 : stride) + reach + 1;
            begin[i] = transposed ? reach - before : before;
            spread[i] = transposed ? stride : 1;
        }
        var image = image(x, in, begin, spread);
        places.add(image.copy());
        var weight = dense(node, 1);
        int taps = w.slice(2, w.rank()).size();
        int outputs = y.dim(1) / a.groups();
        int channels = x.dim(1) / a.groups();
        var columns = columns(x.dim(0), y, a, image, transposed);
        for (int g = 0; g < a.groups(); g++) {
            var inner = inner(w, a, image, g * channels, channels, transposed);
            long weightStep = transposed ? (long) outputs * taps : taps;
            var weightInner = new long[channels * taps];
            for (int p = 0; p < weightInner.length; p++) {
                weightInner[p] = p / taps * weightStep + p % taps;
            }
            long perOutput = transposed ? taps : (long) channels * taps;
            int first = transposed ? g * channels * outputs * taps : g * outputs * channels * taps;
            var rows = new Operand(weight, steps(outputs, perOutput), weightInner).at(first);
            var windows = new Operand(image.halves(), inner, columns);
            var to = new Operand(result, steps(outputs, y.slice(2, y.rank()).size()), results(y));
            contractions.add(
                    new Contraction(
                            rows,
                            windows,
                            to.at(g * outputs * y.slice(2, y.rank()).size()),
                            start(node, g * outputs),
                            truncates));
        }
    }

    private Optional<Start> start(Node<?> node, int first) {
        if (node.inputs().size() < 3) {
            return Optional.empty();
        }
        var all = dense(node, 2);
        return Optional.of(new Start(Operand.from(all, first), true));
    }

    private static int before(Conv a, int axis, int in, int out, int reach, boolean transposed) {
        if (a.padType().equals("custom")) {
            return a.pad().get(2 * axis);
        }
        int stride = a.strides().get(axis);
        int total =
                transposed
                        ? (in - 1) * stride + reach + 1 - out
                        : (out - 1) * stride + reach + 1 - in;
        return switch (a.padType()) {
            case "same" -> Math.max(0, total) / 2;
            case "same_lower" -> Math.max(0, total) - Math.max(0, total) / 2;
            default -> 0;
        };
    }

    /** An image in zeros, with the strides of its axes. */
    private record Image(ByteBuffer halves, Shape shape, Place copy) {}

    private static Image image(Shape x, int[] in, int[] begin, int[] spread) {
        var dims = x.toArray();
        System.arraycopy(in, 0, dims, 2, in.length);
        var shape = Shape.of(dims);
        var strides = shape.strides();
        var steps = strides.clone();
        var part = x.toArray();
        var skip = new int[x.rank()];
        int offset = 0;
        for (int i = 0; i < in.length; i++) { // what of x falls into the image
            int axis = 2 + i;
            skip[axis] = begin[i] >= 0 ? 0 : (-begin[i] + spread[i] - 1) / spread[i];
            int first = begin[i] + skip[axis] * spread[i];
            int room = Math.max(0, (in[i] - first + spread[i] - 1) / spread[i]);
            part[axis] = Math.max(0, Math.min(x.dim(axis) - skip[axis], room));
            offset += first * strides[axis];
            steps[axis] *= spread[i];
        }
        var halves = Operand.halves(shape.size());
        var copy = new Place(0, x, list(skip), Shape.of(part), halves, offset, list(steps));
        return new Image(halves, shape, copy);
    }

    private static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static long[] inner(
            Shape w, Conv a, Image image, int firstChannel, int channels, boolean transposed) {
        var kernel = w.slice(2, w.rank());
        var strides = image.shape().strides();
        var offsets = new long[channels * kernel.size()];
        for (int p = 0; p < offsets.length; p++) {
            long at = (long) (firstChannel + p / kernel.size()) * strides[1];
            int rest = p % kernel.size();
            for (int i = kernel.rank() - 1; i >= 0; i--) {
                int tap = rest % kernel.dim(i);
                rest /= kernel.dim(i);
                int from = transposed ? kernel.dim(i) - 1 - tap : tap;
                at += (long) from * a.dilations().get(i) * strides[2 + i];
            }
            offsets[p] = at;
        }
        return offsets;
    }

    private static long[] columns(int images, Shape y, Conv a, Image image, boolean transposed) {
        var out = y.slice(2, y.rank());
        var strides = image.shape().strides();
        var offsets = new long[images * out.size()];
        for (int j = 0; j < offsets.length; j++) {
            long at = (long) (j / out.size()) * strides[0];
            int rest = j % out.size();
            for (int i = out.rank() - 1; i >= 0; i--) {
                long step = transposed ? 1 : a.strides().get(i);
                at += rest % out.dim(i) * step * strides[2 + i];
                rest /= out.dim(i);
            }
            offsets[j] = at;
        }
        return offsets;
    }

    private static long[] results(Shape y) {
        int perImage = y.slice(2, y.rank()).size();
        var offsets = new long[y.dim(0) * perImage];
        for (int j = 0; j < offsets.length; j++) {
            offsets[j] = (long) (j / perImage) * y.dim(1) * perImage + j % perImage;
        }
        return offsets;
    }
}
