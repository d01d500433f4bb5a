package jane.engine.cpu;

import jane.ir.DType;
import java.util.List;
import java.util.Optional;

/** {@link ConvKernel} in C ({@code conv.c}). */
final class NativeConv extends Kernel {
    /** Longs of a {@code struct jane_conv}, and where its results for the caller begin. */
    private static final int LONGS = 66;

    private static final int TILES = 36;

    /** What the tasks under way do. */
    private enum Phase {
        PACK,
        MULTIPLY,
        COMBINE
    }

    private final ConvSpec spec;
    private final Block block;
    private final int tiles;
    private final int chunks;
    private final int weightTasks;
    private final Block packed;
    private final Block partials;
    private final long scratchBytes;

    private Phase phase = Phase.PACK;
    private long x;
    private long weights;
    private long bias;
    private long y;

    private NativeConv(ConvSpec spec, Block planned) {
        super(ConvKernel.reads(spec), List.of(spec.y()));
        this.spec = spec;
        block = planned;
        tiles = (int) block.getLong(TILES);
        chunks = (int) block.getLong(TILES + 1);
        weightTasks = (int) block.getLong(TILES + 2);
        packed = new Block(4 * block.getLong(TILES + 3));
        partials = new Block(4 * block.getLong(TILES + 4));
        scratchBytes = block.getLong(TILES + 5);
    }

    /** The kernel, unless something is empty, the bias is not dense, or the windows are huge. */
    static Optional<Kernel> of(ConvSpec spec) {
        boolean dense = spec.bias().isEmpty() || spec.bias().get().isDense();
        if (spec.y().size() == 0 || spec.products() == 0 || spec.x().size() == 0 || !dense) {
            return Optional.empty();
        }
        var block = block(spec);
        return KernelLibrary.jane_conv_plan(block.address()) == KernelLibrary.OK
                ? Optional.of(new NativeConv(spec, block))
                : Optional.empty();
    }

    private static Block block(ConvSpec spec) {
        var block = new Block(8 * LONGS);
        block.put((long) spec.x().dims[0]).put((long) spec.groups());
        block.put((long) spec.channels()).put((long) spec.outputs());
        put(block, spec.h());
        put(block, spec.w());
        putStrides(block, spec.x());
        putStrides(block, spec.weights());
        putStrides(block, spec.y());
        for (var view : List.of(spec.x(), spec.weights(), spec.y())) {
            block.put(view.dtype == DType.FP16 ? 1L : 0L);
        }
        return block.put(spec.bias().isPresent() ? 1L : 0L).put(spec.relu() ? 1L : 0L);
    }

    /** A {@code struct jane_axis}. */
    static void put(Block block, ImageAxis axis) {
        block.put((long) axis.size()).put((long) axis.kernel()).put((long) axis.windows());
        block.put((long) axis.stride()).put((long) axis.dilation());
        block.put((long) axis.before()).put((long) axis.spread());
    }

    static void putStrides(Block block, View view) {
        for (int stride : view.strides) {
            block.put((long) stride);
        }
    }

    @Override
    String describe() {
        return spec.what();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(scratchBytes);
    }

    @Override
    void bind() {
        x = memory().address(spec.x());
        weights = memory().address(spec.weights());
        bias = spec.bias().isPresent() ? memory().address(spec.bias().get()) : 0;
        y = memory().address(spec.y());
    }

    @Override
    void run() {
        long work = spec.products();
        if (weightTasks > 0) {
            phase = Phase.PACK;
            share(weightTasks, spec.weights().size());
        }
        phase = Phase.MULTIPLY;
        share(tiles * chunks, work);
        if (chunks > 1) {
            phase = Phase.COMBINE;
            share(tiles, (long) chunks * spec.y().size());
        }
    }

    @Override
    public void run(int task, int worker) {
        long plan = block.address();
        long sums = partials.address();
        KernelLibrary.check(
                switch (phase) {
                    case PACK ->
                            KernelLibrary.jane_conv_pack(plan, task, weights, packed.address());
                    case MULTIPLY ->
                            KernelLibrary.jane_conv_run(
                                    plan,
                                    task,
                                    x,
                                    weights,
                                    packed.address(),
                                    bias,
                                    sums,
                                    y,
                                    nativeScratch(worker));
                    case COMBINE -> KernelLibrary.jane_conv_combine(plan, task, bias, sums, y);
                });
    }
}
