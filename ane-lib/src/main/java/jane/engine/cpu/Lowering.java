package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Contraction;
import jane.op.Convolution;
import jane.op.Indexing;
import jane.op.Joining;
import jane.op.Padding;
import jane.op.Pooling;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Kernels for the nodes that are neither fused nor views. */
final class Lowering {
    /** The reductions that {@link ReduceKernel} knows. */
    private static final Set<Op<?>> REDUCTIONS =
            Set.of(
                    Reductions.REDUCE_SUM,
                    Reductions.REDUCE_MEAN,
                    Reductions.REDUCE_MAX,
                    Reductions.REDUCE_MIN);

    private final Function<Value, View> views;
    private final Function<TensorType, View> fresh;
    private final Kernels make;

    /**
     * A lowering.
     *
     * @param views where values lie
     * @param fresh gives memory for what lies between kernels
     */
    Lowering(Function<Value, View> views, Function<TensorType, View> fresh, Kernels make) {
        this.views = views;
        this.fresh = fresh;
        this.make = make;
    }

    /** The kernels that compute {@code node}, in order. */
    List<Kernel> kernels(Node<?> node) {
        if (node.attrs() instanceof Joining.Concat) {
            return concat(node);
        }
        if (node.out().dtype().isFloat()) {
            if (node.attrs() instanceof Contraction.Transposed a) {
                return matmul(node, a);
            }
            if (node.attrs() instanceof Convolution.Conv a && isPlain(node, a)) {
                return convolve(conv(node, a));
            }
            if (node.attrs() instanceof PlanOp.Biased a) {
                return convolve(conv(node, a.conv()).then(in(node, 2), a.relu()));
            }
            if (node.attrs() instanceof Pooling.Pool a && isPlain(node, a)) {
                boolean max = node.op() == Pooling.MAX_POOL;
                var spec = pool(max, a, in(node, 0), out(node));
                return List.of(make.pool(spec, in(node, 0), out(node)));
            }
            if (node.attrs() instanceof PlanOp.PoolGradient a) {
                return List.of(poolGradient(node, a));
            }
            if (node.attrs() instanceof Reductions.Axes a && REDUCTIONS.contains(node.op())) {
                return List.of(reduce(node, a));
            }
            if (node.attrs() instanceof Padding.Pad a && a.isConstant()) {
                return pad(node, a);
            }
            if (node.op() == Indexing.GATHER
                    && node.attrs() instanceof Indexing.Gather a
                    && a.batchDims() == 0
                    && node.in(1).dtype() == DType.INT32) {
                int axis = node.in(0).shape().axis(a.axis(), "gather");
                return List.of(make.gather(in(node, 0), in(node, 1), out(node), axis));
            }
            if (node.op() == Indexing.SCATTER
                    && node.attrs() instanceof Indexing.Scatter a
                    && a.mode().equals("add")) {
                int axis = node.in(0).shape().axis(a.axis(), "scatter");
                return List.of(
                        make.scatter(in(node, 0), in(node, 1), in(node, 2), out(node), axis));
            }
        }
        return List.of(reference(node));
    }

    /** Two image axes, no bias, and windows that the attributes alone give. */
    private static boolean isPlain(Node<?> node, Convolution.Conv a) {
        boolean given = a.outputShape().isEmpty() && !a.padType().equals("same");
        return node.inputs().size() == 2
                && node.out().shape().rank() == 4
                && (node.op() == Convolution.CONV || given);
    }

    private static boolean isPlain(Node<?> node, Pooling.Pool a) {
        boolean known = node.op() == Pooling.MAX_POOL || node.op() == Pooling.AVG_POOL;
        return known && node.out().shape().rank() == 4 && !a.ceilMode();
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

    private List<Kernel> matmul(Node<?> node, Contraction.Transposed a) {
        var x = a.x() ? in(node, 0).swapLast() : in(node, 0);
        var y = a.y() ? in(node, 1).swapLast() : in(node, 1);
        return make.matmul(x, y, out(node), fresh);
    }

    private ConvSpec conv(Node<?> node, Convolution.Conv a) {
        var x = in(node, 0);
        var weight = in(node, 1);
        var y = out(node);
        var window = new Window(a.strides(), a.dilations(), a.padType(), a.pad());
        if (node.op() == Convolution.CONV_TRANSPOSE) {
            var h = window.spread(0, x.dims[2], weight.dims[2], y.dims[2]);
            var w = window.spread(1, x.dims[3], weight.dims[3], y.dims[3]);
            return ConvSpec.transposed(x, weight, y, a.groups(), h, w);
        }
        var h = window.axis(0, x.dims[2], weight.dims[2], y.dims[2]);
        var w = window.axis(1, x.dims[3], weight.dims[3], y.dims[3]);
        return ConvSpec.forward(x, weight, y, a.groups(), h, w);
    }

    private List<Kernel> convolve(ConvSpec spec) {
        var kernels = new ArrayList<Kernel>();
        for (var part : spec.phases()) {
            kernels.add(part.hasTaps() ? make.conv(part) : make.fill(0, part.y()));
        }
        return kernels;
    }

    private static PoolSpec pool(boolean max, Pooling.Pool a, View x, View y) {
        var window = new Window(a.strides(), a.dilations(), a.padType(), a.pad());
        var h = window.axis(0, x.dims[2], a.kernel().get(0), y.dims[2]);
        var w = window.axis(1, x.dims[3], a.kernel().get(1), y.dims[3]);
        return new PoolSpec(max, !a.excludePadding(), h, w);
    }

    private Kernel poolGradient(Node<?> node, PlanOp.PoolGradient a) {
        var operands = node.inputs().stream().map(views).toList();
        var dy = operands.get(operands.size() - 1);
        var spec = pool(a.max(), a.pool(), out(node), dy);
        return make.poolGradient(spec, operands, a.relu(), out(node));
    }

    private Kernel reduce(Node<?> node, Reductions.Axes a) {
        var x = in(node, 0);
        var isReduced = new boolean[x.rank()];
        for (int axis : a.axes()) {
            isReduced[node.in(0).shape().axis(axis, node.op().name())] = true;
        }
        return make.reduce(ReduceKernel.Kind.of(node), x, out(node), isReduced);
    }

    private List<Kernel> concat(Node<?> node) {
        var kernels = new ArrayList<Kernel>();
        for (int i = 0; i < node.inputs().size(); i++) {
            var part = Views.part(node, out(node), i);
            if (!part.samePlaces(in(node, i))) {
                kernels.add(make.copy("into concat", in(node, i), part));
            }
        }
        return kernels;
    }

    private List<Kernel> pad(Node<?> node, Padding.Pad a) {
        var x = in(node, 0);
        var y = out(node);
        int covered = a.pad().size() / 2;
        var inside = y;
        for (int i = 0; i < covered; i++) {
            int axis = y.rank() - covered + i;
            inside = inside.slice(axis, a.pad().get(2 * i), x.dims[axis], 1);
        }
        float value = Instructions.constant(y.dtype, a.value());
        return List.of(make.fill(value, y), make.copy("into pad", x, inside));
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
