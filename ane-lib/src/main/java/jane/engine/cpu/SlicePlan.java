package jane.engine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds kernels that can go through one slice after the other together, and moves others that are
 * independent out of their way: to the front what they need, behind them the rest.
 */
final class SlicePlan {
    /** Kernels that may be moved behind; more would keep memory in use for longer. */
    private static final int MOST_MOVED = 8;

    private final Predicate<Storage> shared;
    private final List<Kernel> done = new ArrayList<>();

    private SlicePlan(Predicate<Storage> shared) {
        this.shared = shared;
    }

    /**
     * The kernels in an order that is as good, with {@link Sliced} ones among them.
     *
     * @param shared whether another storage may lie in the same place as an output
     */
    static List<Kernel> of(List<Kernel> kernels, Predicate<Storage> shared) {
        var plan = new SlicePlan(shared);
        var rest = kernels;
        while (!rest.isEmpty()) {
            rest = plan.next(rest);
        }
        return plan.done;
    }

    /** Plans the first kernel and what joins it; returns those that are left. */
    private List<Kernel> next(List<Kernel> kernels) {
        int slices = kernels.get(0).batch();
        var joined = new ArrayList<>(kernels.subList(0, 1));
        var front = new ArrayList<Kernel>();
        var behind = new ArrayList<Kernel>();
        int at = 1;
        for (; slices > 1 && at < kernels.size() && behind.size() < MOST_MOVED; at++) {
            var kernel = kernels.get(at);
            var needed = needed(kernel, behind);
            boolean joins =
                    kernel.cuts(slices) && joined.stream().allMatch(k -> meet(k, kernel, slices));
            if (joins && needed.stream().allMatch(n -> isFree(n, joined))) {
                front.addAll(needed);
                behind.removeAll(needed);
                joined.add(kernel);
            } else {
                behind.add(kernel);
            }
        }
        if (joined.size() == 1 || joined.stream().noneMatch(Kernel::isLarge)) {
            done.add(kernels.get(0));
            return kernels.subList(1, kernels.size());
        }
        done.addAll(front);
        done.add(new Sliced(joined, slices));
        behind.addAll(kernels.subList(at, kernels.size()));
        return behind;
    }

    /** Which of the kernels must run before one that follows them, in their order. */
    private List<Kernel> needed(Kernel kernel, List<Kernel> before) {
        var needed = new ArrayList<Kernel>();
        for (int i = before.size() - 1; i >= 0; i--) {
            var candidate = before.get(i);
            if (!isFree(kernel, List.of(candidate)) || !isFree(candidate, needed)) {
                needed.add(0, candidate);
            }
        }
        return needed;
    }

    /** Whether a kernel may run before or after all others. */
    private boolean isFree(Kernel kernel, List<Kernel> others) {
        return others.stream().noneMatch(k -> depend(k, kernel));
    }

    private boolean depend(Kernel a, Kernel b) {
        return writesShared(a)
                || writesShared(b)
                || touch(a.writes(), b.reads())
                || touch(a.reads(), b.writes())
                || touch(a.writes(), b.writes());
    }

    private boolean writesShared(Kernel kernel) {
        return kernel.writes().stream().anyMatch(v -> shared.test(v.storage));
    }

    private static boolean touch(List<View> some, List<View> others) {
        return some.stream().anyMatch(v -> others.stream().anyMatch(w -> v.storage == w.storage));
    }

    /** Whether two kernels have the same cells of what one of them writes, slice by slice. */
    private boolean meet(Kernel a, Kernel b, int slices) {
        return !writesShared(a)
                && !writesShared(b)
                && meet(a.writes(), b.reads(), slices)
                && meet(a.reads(), b.writes(), slices)
                && meet(a.writes(), b.writes(), slices);
    }

    private static boolean meet(List<View> some, List<View> others, int slices) {
        return some.stream()
                .allMatch(
                        v ->
                                others.stream()
                                        .filter(w -> w.storage == v.storage)
                                        .allMatch(w -> v.sameSlices(w, slices)));
    }
}
