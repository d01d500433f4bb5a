package jane.engine.cpu;

import jane.ir.Node;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Indexing;
import jane.op.Movement;
import jane.op.Pooling;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Kernels for the nodes that are neither fused nor views. */
final class Lowering {
    private final Function<Value, View> views;

    Lowering(Function<Value, View> views) {
        this.views = views;
    }

    /** The kernels that compute {@code node}, in order. */
    List<Kernel> kernels(Node<?> node) {
        if (node.attrs() instanceof Movement.Concat) {
            return concat(node);
        }
        if (node.out().dtype().isFloat()) {
            if (node.attrs() instanceof Contraction.Transposed a) {
                return List.of(matmul(node, a));
            }
            if (node.attrs() instanceof Convolution.Conv a) {
                return List.of(conv(node, a));
            }
            if (node.attrs() instanceof Pooling.Pool a) {
                return List.of(pool(node, a));
            }
            if (node.attrs() instanceof Reductions.Axes a) {
                return List.of(reduce(node, a));
            }
            if (node.attrs() instanceof Movement.Pad a) {
                return pad(node, a);
            }
            if (node.attrs() instanceof Indexing.Gather a) {
                int axis = node.in(0).shape().axis(a.axis(), "gather");
                return List.of(new GatherKernel(in(node, 0), in(node, 1), out(node), axis));
            }
            if (node.attrs() instanceof Indexing.Scatter a) {
                int axis = node.in(0).shape().axis(a.axis(), "scatter");
                return List.of(
                        new ScatterKernel(in(node, 0), in(node, 1), in(node, 2), out(node), axis));
            }
            if (node.op() == Activations.SOFTMAX) {
                int axis = ((Activations.Axis) node.attrs()).axis();
                int at = node.out().shape().axis(axis, "softmax");
                return List.of(new SoftmaxKernel(in(node, 0), out(node), at));
            }
        }
        return List.of(reference(node));
    }

    private View in(Node<?> node, int i) {
        return views.apply(node.in(i));
    }

    private View out(Node<?> node) {
        return views.apply(node.out());
    }

    private <A> Kernel reference(Node<A> node) {
        return new ReferenceKernel<>(
                node,
                node.inputs().stream().map(views).toList(),
                node.outputs().stream().map(views).toList());
    }

    private Kernel matmul(Node<?> node, Contraction.Transposed a) {
        var x = a.x() ? in(node, 0).swapLast() : in(node, 0);
        var y = a.y() ? in(node, 1).swapLast() : in(node, 1);
        return MatmulKernel.of(x, y, out(node));
    }

    private Kernel conv(Node<?> node, Convolution.Conv a) {
        var x = in(node, 0);
        var weight = in(node, 1);
        var y = out(node);
        var window = new Window(a.strides(), a.dilations(), a.padType(), a.pad());
        if (node.op() == Convolution.CONV) {
            var h = window.axis(0, x.dims[2], weight.dims[2], y.dims[2]);
            var w = window.axis(1, x.dims[3], weight.dims[3], y.dims[3]);
            return ConvKernel.forward(x, weight, y, a.groups(), h, w);
        }
        var h = window.spread(0, x.dims[2], weight.dims[2], y.dims[2]);
        var w = window.spread(1, x.dims[3], weight.dims[3], y.dims[3]);
        return ConvKernel.transposed(x, weight, y, a.groups(), h, w);
    }

    private Kernel pool(Node<?> node, Pooling.Pool a) {
        var x = in(node, 0);
        var y = out(node);
        var window = new Window(a.strides(), a.dilations(), a.padType(), a.pad());
        var h = window.axis(0, x.dims[2], a.kernel().get(0), y.dims[2]);
        var w = window.axis(1, x.dims[3], a.kernel().get(1), y.dims[3]);
        boolean max = node.op() == Pooling.MAX_POOL;
        return new PoolKernel(max, !a.excludePadding(), x, y, h, w);
    }

    private Kernel reduce(Node<?> node, Reductions.Axes a) {
        var x = in(node, 0);
        var isReduced = new boolean[x.rank()];
        for (int axis : a.axes()) {
            isReduced[node.in(0).shape().axis(axis, node.op().name())] = true;
        }
        var name = node.op().name().substring("reduce_".length());
        var kind = ReduceKernel.Kind.valueOf(name.toUpperCase(java.util.Locale.ROOT));
        return new ReduceKernel(kind, x, out(node), isReduced);
    }

    private List<Kernel> concat(Node<?> node) {
        var kernels = new ArrayList<Kernel>();
        for (int i = 0; i < node.inputs().size(); i++) {
            var part = Views.part(node, out(node), i);
            if (!part.samePlaces(in(node, i))) {
                kernels.add(new CopyKernel("into concat", in(node, i), part));
            }
        }
        return kernels;
    }

    private List<Kernel> pad(Node<?> node, Movement.Pad a) {
        var x = in(node, 0);
        var y = out(node);
        int covered = a.pad().size() / 2;
        var inside = y;
        for (int i = 0; i < covered; i++) {
            int axis = y.rank() - covered + i;
            inside = inside.slice(axis, a.pad().get(2 * i), x.dims[axis], 1);
        }
        float value = Instructions.constant(y.dtype, a.value());
        return List.of(new FillKernel(value, y), new CopyKernel("into pad", x, inside));
    }

    /** The attributes that convolution and pooling share. */
    private record Window(
            List<Integer> strides, List<Integer> dilations, String padType, List<Integer> pad) {
        ImageAxis axis(int i, int size, int kernel, int windows) {
            int stride = strides.get(i);
            int dilation = dilations.get(i);
            int extent = (kernel - 1) * dilation + 1;
            int needed = ((size + stride - 1) / stride - 1) * stride + extent;
            int total = Math.max(0, needed - size);
            int before =
                    switch (padType) {
                        case "same" -> total / 2;
                        case "same_lower" -> total - total / 2;
                        case "custom" -> pad.get(2 * i);
                        default -> 0;
                    };
            return new ImageAxis(size, kernel, windows, stride, dilation, before, 1);
        }

        /** For a transposed convolution: a stride of 1 over an image spread by the stride. */
        ImageAxis spread(int i, int size, int kernel, int windows) {
            int dilation = dilations.get(i);
            int cut = padType.equals("custom") ? pad.get(2 * i) : 0;
            int before = dilation * (kernel - 1) - cut;
            return new ImageAxis(size, kernel, windows, 1, dilation, before, strides.get(i));
        }
    }
}
