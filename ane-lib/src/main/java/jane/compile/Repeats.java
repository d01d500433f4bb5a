package jane.compile;

import jane.ir.Node;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what repeats in a run of nodes, such as the blocks of a deep stack, and where to cut so
 * that each repetition is a program of its own: equal ones are then one program.
 *
 * <pre>
 * before:  | embed block block block block head |           one program
 * after:   | embed | block | block | block | block | head |      three, one of them run four times
 * </pre>
 *
 * <p>A pattern must have work that outweighs a dispatch, and what is cut off before and after it
 * too; else it stays with its neighbour. Among the places where the pattern can be cut the one is
 * taken at which the fewest bytes pass from one repetition to the next.
 */
final class Repeats {
    /**
     * Floating-point operations of a pattern below which it is not worth dispatches of its own: a
     * dispatch takes 70 to 210 microseconds, in which a matrix product does about as many.
     */
    static final long WORTH_A_PROGRAM = 1_000_000_000;

    private record Kind(Object op, Object attrs, List<TensorType> in, List<TensorType> out) {}

    private final List<Node<?>> nodes;
    private final int[] kinds;
    private final long[] flops; // of the nodes before each

    private Repeats(List<Node<?>> nodes) {
        this.nodes = nodes;
        kinds = new int[nodes.size()];
        flops = new long[nodes.size() + 1];
        Map<Kind, Integer> numbers = new HashMap<>();
        for (int i = 0; i < kinds.length; i++) {
            var node = nodes.get(i);
            var kind =
                    new Kind(node.op(), node.attrs(), types(node.inputs()), types(node.outputs()));
            kinds[i] = numbers.computeIfAbsent(kind, k -> numbers.size());
            flops[i + 1] = flops[i] + node.flops();
        }
    }

    private static List<TensorType> types(List<Value> values) {
        return values.stream().map(Value::type).toList();
    }

    /** Indices at which to cut, ascending; none where nothing repeats. */
    static List<Integer> cuts(List<Node<?>> nodes) {
        var repeats = new Repeats(nodes);
        var cuts = new TreeSet<Integer>();
        repeats.search(0, nodes.size(), cuts);
        return repeats.worthwhile(cuts);
    }

    /** Adds the cuts between two indices: those of a run of repetitions, then on both its sides. */
    private void search(int from, int to, Set<Integer> cuts) {
        var waiting = new ArrayDeque<int[]>(List.of(new int[] {from, to}));
        while (!waiting.isEmpty()) {
            var range = waiting.pop();
            find(range[0], range[1])
                    .ifPresent(
                            run -> {
                                for (int i = 0; i <= run.times(); i++) {
                                    cuts.add(run.begin() + i * run.period());
                                }
                                waiting.push(new int[] {range[0], run.begin()});
                                waiting.push(new int[] {run.end(), range[1]});
                            });
        }
    }

    private record Run(int begin, int period, int times) {
        int end() {
            return begin + times * period;
        }
    }

    /** The run of the shortest pattern that is worth a program. */
    private Optional<Run> find(int from, int to) {
        for (int period = 1; period <= (to - from) / 2; period++) {
            int same = 0;
            for (int i = from; i <= to - period; i++) {
                if (i < to - period && kinds[i] == kinds[i + period]) {
                    same++;
                    continue;
                }
                int begin = i - same;
                if (same >= period && work(begin, begin + period) >= WORTH_A_PROGRAM) {
                    return Optional.of(placed(begin, period, same + period));
                }
                same = 0;
            }
        }
        return Optional.empty();
    }

    private long work(int begin, int end) {
        return flops[end] - flops[begin];
    }

    /** The run begun where the least passes, without losing a repetition. */
    private Run placed(int begin, int period, int length) {
        int times = length / period;
        int best = begin;
        long least = Long.MAX_VALUE;
        for (int shift = 0; shift <= length - times * period; shift++) {
            long bytes = passing(begin + shift + period, period);
            if (bytes < least) {
                least = bytes;
                best = begin + shift;
            }
        }
        return new Run(best, period, times);
    }

    /** Bytes made in the period before a cut and read in the one after. */
    private long passing(int cut, int period) {
        var made = new HashSet<Value>();
        nodes.subList(cut - period, cut).forEach(n -> made.addAll(n.outputs()));
        long bytes = 0;
        for (var node : nodes.subList(cut, Math.min(nodes.size(), cut + period))) {
            for (var in : node.inputs()) {
                bytes += made.remove(in) ? in.type().sizeBytes() : 0;
            }
        }
        return bytes;
    }

    /** The cuts without those that would leave a piece with too little work. */
    private List<Integer> worthwhile(Set<Integer> cuts) {
        var kept = new ArrayList<Integer>();
        int last = 0;
        for (int cut : cuts) {
            if (work(last, cut) >= WORTH_A_PROGRAM / 10) {
                kept.add(cut);
                last = cut;
            }
        }
        while (!kept.isEmpty()
                && work(kept.get(kept.size() - 1), nodes.size()) < WORTH_A_PROGRAM / 10) {
            kept.remove(kept.size() - 1);
        }
        return kept;
    }
}
