package jane.engine.cpu;

import java.util.List;

/** {@link SoftmaxKernel} in C ({@code softmax.c}). */
final class NativeSoftmax extends Kernel {
    private static final int SIZE = 8 * 3 + 2 * Block.VIEW;

    private final View x;
    private final View y;
    private final int axis;
    private final int lines;
    private final int length;
    private final int together;
    private final Block block = new Block(SIZE);
    private final long room;

    /** As {@link SoftmaxKernel}; both views must fit a block and not be empty. */
    NativeSoftmax(View x, View y, int axis) {
        super(List.of(x), List.of(y));
        this.x = x;
        this.y = y;
        this.axis = axis;
        length = x.dims[axis];
        lines = x.size() / length;
        together = SoftmaxKernel.linesPerTask(length);
        block.put((long) lines).put((long) length).put((long) together);
        block.put(SoftmaxKernel.last(x, axis)).put(SoftmaxKernel.last(y, axis));
        room = KernelLibrary.size(KernelLibrary.jane_softmax_room(block.address()));
    }

    @Override
    String describe() {
        return "softmax  axis " + axis;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(room);
    }

    @Override
    void run() {
        share((lines + together - 1) / together, 5L * lines * length);
    }

    @Override
    public void run(int task, int worker) {
        KernelLibrary.check(
                KernelLibrary.jane_softmax_run(
                        block.address(),
                        memory().address(x),
                        memory().address(y),
                        nativeScratch(worker),
                        (long) task * together));
    }
}
