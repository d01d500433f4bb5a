package jane.engine.cpu;

import java.util.Locale;

/**
 * How a reduction is cut, whichever kernel does it: into chunks of the reduced elements, which
 * depend on the shape only and are put together in order, and those into tasks. Either rows are
 * added up one by one ({@link #alongRows}) or one row after the other is added onto results that
 * lie side by side: whichever reads memory in order.
 */
final class Reduction {
    /** Elements of x that one task reads, about. */
    private static final int GRAIN = 32 * 1024;

    /** Results of one task, at most, where they lie side by side. */
    private static final int WIDTH = 512;

    final ReduceKernel.Kind kind;

    /** Results. */
    final int kept;

    /** Elements of x for each. */
    final int reduced;

    final boolean alongRows;

    /** x as (kept, reduced) or, unless {@link #alongRows}, as (reduced, kept). */
    final View x;

    /** Reduced elements of a chunk. */
    final int chunk;

    final int chunks;
    final int tasks;

    private final int keptPerTask;
    private final int keptTasks;
    private final String axes;

    /** {@code isReduced} says which axes of {@code x} go. */
    Reduction(ReduceKernel.Kind kind, View x, boolean[] isReduced) {
        this.kind = kind;
        kept = count(x, isReduced, false);
        reduced = count(x, isReduced, true);
        alongRows = innermostIsReduced(x, isReduced);
        this.x = x.transpose(order(isReduced, alongRows));
        if (alongRows) {
            keptPerTask = Math.max(1, Math.min(kept, GRAIN / Math.max(1, reduced)));
            chunk = Math.max(1, Math.min(reduced, GRAIN));
        } else {
            keptPerTask = Math.max(1, Math.min(kept, WIDTH));
            chunk = Math.max(1, Math.min(reduced, GRAIN / keptPerTask));
        }
        keptTasks = (kept + keptPerTask - 1) / keptPerTask;
        chunks = Math.max(1, (reduced + chunk - 1) / chunk);
        tasks = keptTasks * chunks;
        axes = axes(isReduced);
    }

    private static String axes(boolean[] isReduced) {
        var text = new StringBuilder();
        for (int i = 0; i < isReduced.length; i++) {
            if (isReduced[i]) {
                text.append(text.length() == 0 ? "" : ",").append(i);
            }
        }
        return text.length() == 0 ? "no axis" : text.toString();
    }

    private static int count(View x, boolean[] isReduced, boolean which) {
        int count = 1;
        for (int i = 0; i < x.rank(); i++) {
            count *= isReduced[i] == which ? x.dims[i] : 1;
        }
        return count;
    }

    private static boolean innermostIsReduced(View x, boolean[] isReduced) {
        int best = -1;
        for (int i = 0; i < x.rank(); i++) {
            boolean closer = best < 0 || Math.abs(x.strides[i]) <= Math.abs(x.strides[best]);
            if (x.dims[i] != 1 && x.strides[i] != 0 && closer) {
                best = i;
            }
        }
        return best < 0 || isReduced[best];
    }

    /** Kept axes first and reduced last, or the other way round. */
    private static int[] order(boolean[] isReduced, boolean reducedLast) {
        var order = new int[isReduced.length];
        int n = 0;
        for (boolean which : new boolean[] {!reducedLast, reducedLast}) {
            for (int i = 0; i < order.length; i++) {
                if (isReduced[i] == which) {
                    order[n++] = i;
                }
            }
        }
        return order;
    }

    String describe() {
        return "reduce   " + kind.name().toLowerCase(Locale.ROOT) + " over " + axes;
    }

    /** What results are divided by in the end. */
    double divisor() {
        return kind == ReduceKernel.Kind.MEAN ? reduced : 1;
    }

    /** Elements to read. */
    long work() {
        return (long) kept * reduced;
    }

    int chunk(int task) {
        return task / keptTasks;
    }

    /** The first result of a task. */
    int begin(int task) {
        return task % keptTasks * keptPerTask;
    }

    /** One behind the last result of a task. */
    int end(int task) {
        return Math.min(kept, begin(task) + keptPerTask);
    }
}
