package jane.engine.cpu;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Kernels that all go through one slice of their leading axes, a head of attention say, before the
 * next: what one leaves for the other is still in the cache then. Each number is computed as
 * without.
 */
final class Sliced extends Kernel {
    /** With fewer slices for each thread than this, some would wait for others at the end. */
    private static final int PER_THREAD = 4;

    private final List<Kernel> kernels;
    private final int slices;

    /**
     * In this order.
     *
     * @param slices that all of them can be cut into ({@link Kernel#cuts}) and agree on
     */
    Sliced(List<Kernel> kernels, int slices) {
        super(
                kernels.stream().flatMap(k -> k.reads().stream()).toList(),
                kernels.stream().flatMap(k -> k.writes().stream()).toList());
        this.kernels = List.copyOf(kernels);
        this.slices = slices;
    }

    @Override
    String describe() {
        return kernels.stream().map(Kernel::describe).collect(Collectors.joining(", "))
                + ", in "
                + slices
                + " slices";
    }

    @Override
    void reserve(Scratch needs) {
        kernels.forEach(k -> k.reserve(needs));
    }

    @Override
    void run() {
        kernels.forEach(this::lend);
        if (slices < PER_THREAD * threads()) {
            kernels.forEach(Kernel::run);
        } else {
            share(slices, Long.MAX_VALUE);
        }
    }

    @Override
    public void run(int slice, int worker) {
        for (var kernel : kernels) {
            kernel.slice(slice, slices, worker);
        }
    }
}
