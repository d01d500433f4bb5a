package jane.engine.cpu;

import jane.ir.DType;
import java.util.List;

/** {@link PoolKernel} in C ({@code pool.c}). */
final class NativePool extends Kernel {
    private static final int LONGS = 2 + 2 * 7 + 4 * 4 + 3;
    private static final int TASK = 1 << 14; // elements of a task: more than a call costs

    private final PoolSpec spec;
    private final View x;
    private final View y;
    private final int planes;
    private final int perTask;
    private final Block block;
    private final long room;

    /** As {@link PoolKernel}; see {@link #takes}. */
    NativePool(PoolSpec spec, View x, View y) {
        super(List.of(x), List.of(y));
        this.spec = spec;
        this.x = x;
        this.y = y;
        planes = x.dims[0] * x.dims[1];
        perTask = planesPerTask(spec);
        block = block(spec, false, x, y, y, x);
        room = KernelLibrary.size(KernelLibrary.jane_pool_room(block.address()));
    }

    /** Whether the C kernels can: nothing is empty, and a window's rows fit into memory. */
    static boolean takes(PoolSpec spec, View x, View y) {
        return x.size() > 0
                && y.size() > 0
                && KernelLibrary.jane_pool_room(block(spec, false, x, y, y, x).address()) >= 0;
    }

    /** Planes that are worth a task. */
    static int planesPerTask(PoolSpec spec) {
        return Math.max(1, TASK / (spec.h().size() * spec.w().size()));
    }

    /** A {@code struct jane_pool}. */
    static Block block(PoolSpec spec, boolean relu, View x, View y, View dy, View dx) {
        var block = new Block(8 * LONGS);
        block.put((long) x.dims[0]).put((long) x.dims[1]);
        NativeConv.put(block, spec.h());
        NativeConv.put(block, spec.w());
        for (var view : List.of(x, y, dy, dx)) {
            NativeConv.putStrides(block, view);
        }
        block.put(x.dtype == DType.FP16 ? 1L : 0L);
        return block.put(spec.countPadding() ? 1L : 0L).put(relu ? 1L : 0L);
    }

    @Override
    String describe() {
        return spec.what();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(room);
    }

    @Override
    void run() {
        share(
                (planes + perTask - 1) / perTask,
                (long) planes * (spec.h().size() * spec.w().size() + spec.windows()));
    }

    @Override
    public void run(int task, int worker) {
        long first = (long) task * perTask;
        long last = Math.min(planes, first + perTask);
        long plan = block.address();
        long from = memory().address(x);
        long to = memory().address(y);
        long scratch = nativeScratch(worker);
        KernelLibrary.check(
                spec.max()
                        ? KernelLibrary.jane_pool_max(plan, first, last, from, to, scratch)
                        : KernelLibrary.jane_pool_mean(plan, first, last, from, to, scratch));
    }
}
