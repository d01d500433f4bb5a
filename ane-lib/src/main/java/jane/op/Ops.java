package jane.op;

import jane.ir.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every op, derived from the families. */
public final class Ops {
    private static final List<Op<?>> ALL =
            Stream.of(
                            Elementwise.ALL,
                            Rounding.ALL,
                            Trigonometry.ALL,
                            Logic.ALL,
                            Activations.ALL,
                            Rectifiers.ALL,
                            Reductions.ALL,
                            Sorting.ALL,
                            Scans.ALL,
                            Normalisation.ALL,
                            Movement.ALL,
                            Likeness.ALL,
                            Slicing.ALL,
                            SliceUpdate.ALL,
                            Splitting.ALL,
                            Joining.ALL,
                            Padding.ALL,
                            Indexing.ALL,
                            Generators.ALL,
                            Contraction.ALL,
                            Einsum.ALL,
                            Attention.ALL,
                            Convolution.ALL,
                            Pooling.ALL,
                            Resize.ALL,
                            Blocks.ALL,
                            Quantisation.ALL,
                            Losses.ALL)
                    .<Op<?>>flatMap(List::stream)
                    .toList();

    private static final Map<String, Op<?>> BY_MIL = byMil();

    private Ops() {}

    /** Every op, by family. */
    public static List<Op<?>> all() {
        return ALL;
    }

    /** The op that MIL writes as {@code milOp}. */
    public static Optional<Op<?>> byMil(String milOp) {
        return Optional.ofNullable(BY_MIL.get(milOp));
    }

    private static Map<String, Op<?>> byMil() {
        var map = new LinkedHashMap<String, Op<?>>();
        for (var op : ALL) {
            op.spelling().ifPresent(s -> map.put(s.milOp(), op));
        }
        return map;
    }
}
