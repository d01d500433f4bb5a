package jane.engine.cpu;

import jane.engine.Buffer;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/** Makes the kernels of a plan. Java's can do everything; others hand on what they cannot. */
interface Kernels {
    /** For a person: which kernels these are, and why if not the fast ones. */
    String description();

    /** Zeroed direct memory as {@link Buffer#directBytes(long)}. */
    ByteBuffer allocate(long size);

    /** Where a direct buffer lies, for those who need it; 0 for those who do not. */
    long address(ByteBuffer direct);

    /** Elementwise ops in one pass. */
    Kernel fused(FusedKernel.Code code);

    /**
     * {@code c = a b}: (..., M, K) by (..., K, N), batch axes broadcast. One kernel or several.
     *
     * @param fresh gives memory for what lies between them
     */
    List<Kernel> matmul(View a, View b, View c, Function<TensorType, View> fresh);

    /** Convolution, its transpose, with or without bias and ReLU. */
    Kernel conv(ConvSpec spec);

    /** Maximum or mean over windows. */
    Kernel pool(PoolSpec spec, View x, View y);

    /** The gradient of a pooling: see {@link PoolGradientKernel}. */
    Kernel poolGradient(PoolSpec spec, List<View> operands, boolean relu, View dx);

    /** One number per group of elements along the reduced axes. */
    Kernel reduce(ReduceKernel.Kind kind, View x, View y, boolean[] isReduced);

    /** Rows of {@code x} by index along an axis. */
    Kernel gather(View x, View indices, View y, int axis);

    /** {@code x} with rows of {@code updates} added by index along an axis. */
    Kernel scatter(View x, View indices, View updates, View y, int axis);

    /** The same elements somewhere else. */
    Kernel copy(String why, View from, View to);

    /** One value everywhere. */
    Kernel fill(float value, View y);
}
