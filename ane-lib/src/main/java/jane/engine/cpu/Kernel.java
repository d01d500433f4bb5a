package jane.engine.cpu;

import java.util.List;

/** One step of a plan, with the views it reads and writes fixed. */
abstract class Kernel implements Workers.Body {
    /** Below this many elementary operations waking other threads costs more than it saves. */
    private static final long WORTH_SHARING = 20_000;

    private final List<View> reads;
    private final List<View> writes;
    private Memory memory;
    private int version; // of memory
    private Scratch scratch;
    private Workers workers;

    Kernel(List<View> reads, List<View> writes) {
        this.reads = List.copyOf(reads);
        this.writes = List.copyOf(writes);
    }

    /** Whether each result is stored in the place of an operand only after that has been read. */
    boolean worksInPlace() {
        return false;
    }

    final List<View> reads() {
        return reads;
    }

    final List<View> writes() {
        return writes;
    }

    /** Family and ops, for the plan. */
    abstract String describe();

    /** Asks for the arrays that {@link #run(int, int)} works in. */
    void reserve(Scratch needs) {}

    /** Is told when {@link #memory} has changed, before the next run. */
    void bind() {}

    /** Does the whole step, by {@link #share}. */
    abstract void run();

    /** How many products of matrices are done at once, each in a slice of its own; 1 for others. */
    int batch() {
        return 1;
    }

    /** Whether what the kernel reads or writes would not be in the cache for the next one. */
    boolean isLarge() {
        return false;
    }

    /** Whether {@link #slice} can do so many slices of the leading axes, each by itself. */
    boolean cuts(int slices) {
        return false;
    }

    /** Does one of the slices that {@link #cuts} agreed to, on the calling thread. */
    void slice(int slice, int slices, int worker) {
        throw new UnsupportedOperationException(describe());
    }

    /** May be called for every task at once, from any worker. */
    @Override
    public abstract void run(int task, int worker);

    final void run(Memory bound, Scratch arrays, Workers threads) {
        take(bound, arrays, threads);
        run();
    }

    /** Gives a part of this kernel what this one works with, before it runs. */
    final void lend(Kernel part) {
        part.take(memory, scratch, workers);
    }

    private void take(Memory bound, Scratch arrays, Workers threads) {
        scratch = arrays;
        workers = threads;
        if (memory != bound || version != bound.version()) {
            memory = bound;
            version = bound.version();
            bind();
        }
    }

    final int threads() {
        return workers.threads();
    }

    final Memory memory() {
        return memory;
    }

    final float[][] rows(int worker) {
        return scratch.rows(worker);
    }

    final double[] doubles(int worker) {
        return scratch.doubles(worker);
    }

    /** Native memory of the worker, as long as {@link Scratch#reserveBytes} was asked for. */
    final long nativeScratch(int worker) {
        return scratch.address(worker);
    }

    /** Native memory for all tasks, as long as {@link Scratch#reserveShared} was asked for. */
    final long sharedScratch() {
        return scratch.sharedAddress();
    }

    /** Runs tasks, on all threads if {@code work} elementary operations are worth it. */
    final void share(int tasks, long work) {
        share(tasks, work, this);
    }

    /** As above, with other tasks than {@link #run(int, int)}. */
    final void share(int tasks, long work, Workers.Body body) {
        if (work >= WORTH_SHARING) {
            workers.run(tasks, body);
            return;
        }
        for (int i = 0; i < tasks; i++) {
            body.run(i, 0);
        }
    }
}
