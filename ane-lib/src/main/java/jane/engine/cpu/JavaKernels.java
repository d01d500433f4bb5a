package jane.engine.cpu;

import jane.engine.Buffer;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/** Kernels in plain Java, for every type and shape. */
final class JavaKernels implements Kernels {
    private final String description;

    /** With what a person should know: that these are Java kernels, and why. */
    JavaKernels(String description) {
        this.description = description;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public ByteBuffer allocate(long size) {
        return Buffer.directBytes(size);
    }

    @Override
    public long address(ByteBuffer direct) {
        return 0;
    }

    @Override
    public Kernel fused(FusedKernel.Code code) {
        return new FusedKernel(code);
    }

    @Override
    public List<Kernel> matmul(View a, View b, View c, Function<TensorType, View> fresh) {
        return List.of(MatmulKernel.of(a, b, c));
    }

    @Override
    public Kernel conv(ConvSpec spec) {
        return new ConvKernel(spec);
    }

    @Override
    public Kernel pool(PoolSpec spec, View x, View y) {
        return new PoolKernel(spec, x, y);
    }

    @Override
    public Kernel poolGradient(PoolSpec spec, List<View> operands, boolean relu, View dx) {
        return new PoolGradientKernel(spec, operands, relu, dx);
    }

    @Override
    public Kernel reduce(ReduceKernel.Kind kind, View x, View y, boolean[] isReduced) {
        return new ReduceKernel(kind, x, y, isReduced);
    }

    @Override
    public Kernel gather(View x, View indices, View y, int axis) {
        return new GatherKernel(x, indices, y, axis);
    }

    @Override
    public Kernel scatter(View x, View indices, View updates, View y, int axis) {
        return new ScatterKernel(x, indices, updates, y, axis);
    }

    @Override
    public Kernel copy(String why, View from, View to) {
        return new CopyKernel(why, from, to);
    }

    @Override
    public Kernel fill(float value, View y) {
        return new FillKernel(value, y);
    }
}
