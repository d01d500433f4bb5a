package jane.engine.cpu;

/**
 * The functions of {@code native/kernels/jane_kernels.h}, under the same names; the header says
 * what they do. Pointers are addresses ({@link Memory#address}). Bound once per process, by {@link
 * NativeKernels}; none may be called before that.
 */
final class KernelLibrary {
    /** {@code JANE_KERNELS_ABI} that this class is written for. */
    static final int ABI = 4;

    static final int OK = 0;
    static final int SCALAR = 0;
    static final int AVX2 = 1;
    static final int NEON = 2;
    static final int AVX512 = 3;

    private KernelLibrary() {}

    static native int jane_kernels_abi();

    static native int jane_kernels_level();

    static native int jane_kernels_force(int level);

    // pages.c

    static native int jane_huge_pages(long memory, long size);

    // product.c

    static native int jane_combine_f32(long parts, long stride, long sum, long count, long n);

    // gemm.c

    static native long jane_gemm_room(long n, long k);

    static native int jane_gemm_f32(
            long m,
            long n,
            long k,
            long a,
            long lda,
            long aTurned,
            long b,
            long ldb,
            long bTurned,
            long c,
            long ldc,
            long cStreams,
            long room);

    // half.c

    static native int jane_half_to_float(long src, long dst, long n);

    static native int jane_float_to_half(long src, long dst, long n);

    // fused.c, reduce.c, copy.c

    static native long jane_fused_room(long code);

    static native int jane_fused_run(
            long code, long addresses, long room, long begin, long end, long totals);

    static native long jane_reduce_room(long block);

    static native int jane_reduce_part(
            long block, long x, long room, long partials, long chunk, long k0, long k1);

    static native int jane_reduce_finish(long block, long partials, long y, long room);

    static native int jane_reduce_all(long block, long x, long y, long room, long partials);

    static native long jane_copy_units(long block);

    static native int jane_copy_run(long block, long from, long to, long begin, long end);

    // conv.c, pool.c, windows.c

    static native int jane_conv_plan(long block);

    static native int jane_conv_pack(long block, long task, long weights, long packed);

    static native int jane_conv_run(
            long block,
            long task,
            long x,
            long weights,
            long packed,
            long bias,
            long partials,
            long y,
            long scratch);

    static native int jane_conv_combine(long block, long tile, long bias, long partials, long y);

    static native long jane_pool_room(long block);

    static native int jane_pool_max(
            long block, long first, long last, long x, long y, long scratch);

    static native int jane_pool_mean(
            long block, long first, long last, long x, long y, long scratch);

    static native int jane_pool_max_grad(
            long block, long first, long last, long x, long y, long dy, long dx, long scratch);

    static native int jane_pool_mean_grad(
            long block, long first, long last, long dy, long dx, long scratch);

    /** A size that a block of ours needs; a negative one says that the block is wrong. */
    static long size(long size) {
        if (size < 0) {
            throw new IllegalStateException("a native kernel refused its parameter block");
        }
        return size;
    }

    /** For a status that a right plan never gives: our own mistake, not the user's. */
    static void check(int status) {
        if (status != OK) {
            throw new IllegalStateException("a native kernel refused its parameters: " + status);
        }
    }
}
