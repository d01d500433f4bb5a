package jane.engine.cpu;

import com.sun.jna.NativeLibrary;
import jane.engine.Buffer;
import jane.engine.natives.NativeException;
import jane.engine.natives.NativeSettings;
import jane.engine.natives.Natives;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;

/** Kernels in C where type and shape allow, the Java ones for the rest. */
final class NativeKernels implements Kernels {
    private static final int HUGE_PAGE = 2 << 20; // JANE_HUGE_PAGE
    private static final int ROUNDED_UP = 4; // by no more than a quarter of it

    private final Kernels java;
    private final String description;
    private final boolean blas;
    private final Gemm gemm;

    private NativeKernels(String description, boolean blas) {
        this.java = new JavaKernels("Java kernels");
        this.description = description;
        this.blas = blas;
        gemm = Gemm.ofLevel(KernelLibrary.jane_kernels_level());
    }

    /**
     * Loads the library and binds {@link KernelLibrary} to it.
     *
     * @throws NativeException if that cannot be
     */
    static NativeKernels load(NativeSettings settings) {
        var natives = new Natives(settings);
        var library = natives.kernels();
        requireAbi(library, KernelLibrary.ABI);
        Natives.bind(KernelLibrary.class, library);
        if (settings.kernels().equals("scalar")) {
            KernelLibrary.check(KernelLibrary.jane_kernels_force(KernelLibrary.SCALAR));
        }
        var name = "native kernels (" + level() + "), ";
        try {
            return new NativeKernels(name + bindBlas(natives.blas()), true);
        } catch (NativeException e) {
            System.getLogger("jane.engine").log(System.Logger.Level.WARNING, e.getMessage());
            return new NativeKernels(name + "matrix products in Java: " + e.reason(), false);
        }
    }

    static void requireAbi(NativeLibrary library, int needed) {
        int abi;
        try {
            abi = library.getFunction("jane_kernels_abi").invokeInt(new Object[0]);
        } catch (UnsatisfiedLinkError e) {
            throw new NativeException(
                    e,
                    "%s is no library of Jane's kernels: it lacks jane_kernels_abi; build one from"
                            + " native/",
                    library.getFile());
        }
        if (abi != needed) {
            throw new NativeException(
                    "%s has ABI %d; need %d: build it from native/ of this version of Jane",
                    library.getFile(), abi, needed);
        }
    }

    /** Binds {@link Blas}, for use from one thread at a time; returns the library's name. */
    private static String bindBlas(NativeLibrary library) {
        Natives.bind(Blas.class, library);
        if (library.getName().contains("openblas")) {
            library.getFunction("openblas_set_num_threads").invokeVoid(new Object[] {1});
            var config = library.getFunction("openblas_get_config");
            var words = config.invokeString(new Object[0], false).split(" ");
            return words[0] + " " + words[1];
        }
        return library.getName();
    }

    /** Whether matrix products go to a BLAS. */
    boolean hasBlas() {
        return blas;
    }

    private static String level() {
        return switch (KernelLibrary.jane_kernels_level()) {
            case KernelLibrary.AVX2 -> "AVX2";
            case KernelLibrary.AVX512 -> "AVX-512";
            case KernelLibrary.NEON -> "NEON";
            default -> "scalar";
        };
    }

    @Override
    public String description() {
        return description;
    }

    /**
     * Large memory in huge pages where the system has them: a block gains some percent. The last of
     * them is whole; memory of less than one takes one where that is little more.
     */
    @Override
    public ByteBuffer allocate(long size) {
        long whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        boolean little = whole - size <= size / ROUNDED_UP;
        if (size < HUGE_PAGE && !little || whole > Integer.MAX_VALUE - 2 * HUGE_PAGE) {
            return Buffer.directBytes(size);
        }
        var raw = Buffer.directBytes(whole + HUGE_PAGE);
        long start = address(raw);
        KernelLibrary.check(KernelLibrary.jane_huge_pages(start, raw.capacity()));
        int skipped = (int) (-start & HUGE_PAGE - 1);
        return raw.slice(skipped, (int) Buffer.padded(size)).order(ByteOrder.nativeOrder());
    }

    @Override
    public long address(ByteBuffer direct) {
        return Natives.address(direct);
    }

    @Override
    public Kernel fused(FusedKernel.Code code) {
        return NativeFused.takes(code) ? new NativeFused(code) : java.fused(code);
    }

    @Override
    public List<Kernel> matmul(View a, View b, View c, Function<TensorType, View> fresh) {
        return blas && c.size() > 0 && Matrix.columns(a) > 0
                ? new GemmPlan(gemm, this, fresh).matmul(a, b, c)
                : java.matmul(a, b, c, fresh);
    }

    @Override
    public Kernel conv(ConvSpec spec) {
        return NativeConv.of(spec).orElseGet(() -> java.conv(spec));
    }

    @Override
    public Kernel pool(PoolSpec spec, View x, View y) {
        return NativePool.takes(spec, x, y) ? new NativePool(spec, x, y) : java.pool(spec, x, y);
    }

    @Override
    public Kernel poolGradient(PoolSpec spec, List<View> operands, boolean relu, View dx) {
        var dy = operands.get(operands.size() - 1);
        return NativePool.takes(spec, dx, dy)
                ? new NativePoolGradient(spec, operands, relu, dx)
                : java.poolGradient(spec, operands, relu, dx);
    }

    @Override
    public Kernel reduce(ReduceKernel.Kind kind, View x, View y, boolean[] isReduced) {
        return NativeReduce.takes(x, y)
                ? new NativeReduce(kind, x, y, isReduced)
                : java.reduce(kind, x, y, isReduced);
    }

    @Override
    public Kernel gather(View x, View indices, View y, int axis) {
        return java.gather(x, indices, y, axis);
    }

    @Override
    public Kernel scatter(View x, View indices, View updates, View y, int axis) {
        return java.scatter(x, indices, updates, y, axis);
    }

    @Override
    public Kernel copy(String why, View from, View to) {
        return NativeCopy.of(why, from, to);
    }

    @Override
    public Kernel fill(float value, View y) {
        boolean fits = y.size() > 0 && Block.fits(y);
        return fits ? NativeFused.fill(value, y) : java.fill(value, y);
    }
}
