package jane.engine.cpu;

import java.util.List;

/** {@link ReduceKernel} in C ({@code reduce.c}), cut in the same way. */
final class NativeReduce extends Kernel {
    private static final int SIZE = 8 * 6 + 2 * Block.VIEW;

    /** Elements that one call does when it is not worth sharing. */
    private static final int CHEAPER = 4;

    private final Reduction how;
    private final View x;
    private final View y;
    private final Block block = new Block(SIZE);
    private final Block partials; // doubles [chunks][kept]
    private final long room;

    /** As {@link ReduceKernel}; x and y must fit a block and not be empty. */
    NativeReduce(ReduceKernel.Kind kind, View x, View y, boolean[] isReduced) {
        super(List.of(x), List.of(y));
        this.x = x;
        this.y = y;
        how = new Reduction(kind, x, isReduced);
        partials = new Block(8L * how.chunks * how.kept);
        block.put(code(kind)).put(how.alongRows ? 1L : 0L).put((long) how.kept);
        block.put((long) how.reduced).put((long) how.chunk).put(how.divisor());
        block.put(how.x).put(y);
        room = KernelLibrary.size(KernelLibrary.jane_reduce_room(block.address()));
    }

    /** Whether the C kernel can do it. */
    static boolean takes(View x, View y) {
        return x.size() > 0 && y.size() > 0 && Block.fits(x) && Block.fits(y);
    }

    static long code(ReduceKernel.Kind kind) {
        return switch (kind) {
            case SUM, MEAN -> 0;
            case MAX -> 1;
            case MIN -> 2;
        };
    }

    @Override
    String describe() {
        return how.describe();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(room);
    }

    @Override
    void run() {
        if (how.tasks == 1) {
            KernelLibrary.check(
                    KernelLibrary.jane_reduce_all(
                            block.address(),
                            memory().address(x),
                            memory().address(y),
                            nativeScratch(0),
                            partials.address()));
            return;
        }
        share(how.tasks, how.work() / CHEAPER);
        KernelLibrary.check(
                KernelLibrary.jane_reduce_finish(
                        block.address(),
                        partials.address(),
                        memory().address(y),
                        nativeScratch(0)));
    }

    @Override
    public void run(int task, int worker) {
        KernelLibrary.check(
                KernelLibrary.jane_reduce_part(
                        block.address(),
                        memory().address(x),
                        nativeScratch(worker),
                        partials.address(),
                        how.chunk(task),
                        how.begin(task),
                        how.end(task)));
    }
}
