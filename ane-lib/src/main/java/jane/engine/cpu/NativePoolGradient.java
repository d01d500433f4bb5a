package jane.engine.cpu;

import java.util.List;

/** {@link PoolGradientKernel} in C ({@code pool.c}). */
final class NativePoolGradient extends Kernel {
    private final PoolSpec spec;
    private final boolean relu;
    private final List<View> operands;
    private final View dx;
    private final int planes;
    private final int perTask;
    private final Block block;
    private final long room;

    /** As {@link PoolGradientKernel}; x and y must be {@link NativePool#takes taken}. */
    NativePoolGradient(PoolSpec spec, List<View> operands, boolean relu, View dx) {
        super(operands, List.of(dx));
        this.spec = spec;
        this.relu = relu;
        this.operands = operands;
        this.dx = dx;
        planes = dx.dims[0] * dx.dims[1];
        perTask = NativePool.planesPerTask(spec);
        var dy = dy();
        var x = spec.max() ? operands.get(0) : dx; // a mean's gradient reads neither x nor y
        var y = spec.max() ? operands.get(1) : dy;
        block = NativePool.block(spec, relu, x, y, dy, dx);
        room = KernelLibrary.size(KernelLibrary.jane_pool_room(block.address()));
    }

    private View dy() {
        return operands.get(operands.size() - 1);
    }

    @Override
    String describe() {
        return PoolGradientKernel.describe(spec, relu);
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(room);
    }

    @Override
    void run() {
        share((planes + perTask - 1) / perTask, 2L * dx.size());
    }

    @Override
    public void run(int task, int worker) {
        long first = (long) task * perTask;
        long last = Math.min(planes, first + perTask);
        long plan = block.address();
        long from = memory().address(dy());
        long to = memory().address(dx);
        long room = nativeScratch(worker);
        KernelLibrary.check(
                spec.max()
                        ? KernelLibrary.jane_pool_max_grad(
                                plan,
                                first,
                                last,
                                memory().address(operands.get(0)),
                                memory().address(operands.get(1)),
                                from,
                                to,
                                room)
                        : KernelLibrary.jane_pool_mean_grad(plan, first, last, from, to, room));
    }
}
