package jane.engine.cpu;

import java.util.List;

/** One step of a plan, with the views it reads and writes fixed. */
abstract class Kernel implements Workers.Body {
    /** Below this many elementary operations waking other threads costs more than it saves. */
    private static final long WORTH_SHARING = 20_000;

    private final List<View> reads;
    private final List<View> writes;
    private Memory memory;
    private Scratch scratch;
    private Workers workers;

    Kernel(List<View> reads, List<View> writes) {
        this.reads = List.copyOf(reads);
        this.writes = List.copyOf(writes);
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

    /** Does the whole step, by {@link #share}. */
    abstract void run();

    /** May be called for every task at once, from any worker. */
    @Override
    public abstract void run(int task, int worker);

    final void run(Memory bound, Scratch arrays, Workers threads) {
        memory = bound;
        scratch = arrays;
        workers = threads;
        run();
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

    /** Runs tasks, on all threads if {@code work} elementary operations are worth it. */
    final void share(int tasks, long work) {
        if (work >= WORTH_SHARING) {
            workers.run(tasks, this);
            return;
        }
        for (int i = 0; i < tasks; i++) {
            run(i, 0);
        }
    }
}
