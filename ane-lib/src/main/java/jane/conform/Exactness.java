package jane.conform;

import jane.ir.Dense;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/** Which ops round, and which do not. */
final class Exactness {
    /** Ops whose results are operands, parts of operands or small integers: nothing is rounded. */
    private static final Set<String> SELECTING =
            Set.of(
                    "identity",
                    "stop_gradient",
                    "abs",
                    "sign",
                    "maximum",
                    "minimum",
                    "floor",
                    "ceil",
                    "round",
                    "relu",
                    "relu6",
                    "clip",
                    "threshold",
                    "thresholded_relu",
                    "equal",
                    "not_equal",
                    "less",
                    "less_equal",
                    "greater",
                    "greater_equal",
                    "logical_not",
                    "logical_and",
                    "logical_or",
                    "logical_xor",
                    "select",
                    "reduce_max",
                    "reduce_min",
                    "reduce_argmax",
                    "reduce_argmin",
                    "argsort",
                    "topk",
                    "fill",
                    "reshape",
                    "transpose",
                    "expand_dims",
                    "squeeze",
                    "slice_by_index",
                    "slice_by_size",
                    "slice_update",
                    "fill_like",
                    "reshape_like",
                    "flatten2d",
                    "reverse_sequence",
                    "crop",
                    "split",
                    "reverse",
                    "sliding_windows",
                    "concat",
                    "stack",
                    "tile",
                    "pad",
                    "gather",
                    "gather_along_axis",
                    "range_1d",
                    "one_hot",
                    "band_part",
                    "shape",
                    "max_pool",
                    "resize_nearest_neighbor",
                    "upsample_nearest_neighbor",
                    "depth_to_space",
                    "space_to_depth",
                    "pixel_shuffle",
                    "pixel_unshuffle",
                    "cast");

    /** Sums of products: exact on integers as long as no partial sum is large. */
    private static final Set<String> ADDING =
            Set.of(
                    "add",
                    "sub",
                    "mul",
                    "square",
                    "reduce_sum",
                    "reduce_sum_square",
                    "reduce_l1_norm",
                    "reduce_prod",
                    "matmul",
                    "linear",
                    "einsum",
                    "conv",
                    "conv_transpose",
                    "cumsum");

    /** Others that are exact on integers where their result is one. */
    private static final Set<String> WHOLE =
            Set.of("leaky_relu", "prelu", "linear_activation", "clamped_relu");

    /** Curves that a chip reads from tables of some 30 entries, by up to 1/64. */
    private static final Set<String> TABLED =
            Set.of("sigmoid", "tanh", "erf", "sin", "cos", "gelu", "silu", "softplus");

    /** Curves whose formula takes a difference of numbers near 1, so that tails are coarse. */
    private static final Set<String> CANCELLING = Set.of("gelu");

    /**
     * Composites that round values larger than their operands and results: a mask of -4094 on a
     * score of 1 leaves 12 bits of the score.
     */
    private static final Set<String> IN_PARTS = Set.of("scaled_dot_product_attention");

    /** Ops of which a chip is known to make something else, and what. */
    static final Map<String, String> QUIRKS =
            Map.of("round", "adds a half in fp16 and cuts off: ties away from zero, 1024 to 1025");

    /** Where a chip computes an op: operands below this. From 11 on softplus gives 0. */
    private static final Map<String, Double> BELOW = Map.of("softplus", 10.0);

    private Exactness() {}

    /** Whether a chip computes the op on these operands. */
    static boolean inRange(String op, List<Dense> operands) {
        double most = BELOW.getOrDefault(op, Double.POSITIVE_INFINITY);
        return operands.stream()
                .flatMapToDouble(x -> DoubleStream.of(x.data()))
                .noneMatch(v -> v > most);
    }

    /** Whether errors are relative to 1, however small the results. */
    static boolean cancels(String op) {
        return CANCELLING.contains(op);
    }

    /** How far a chip's result may be off whatever its size. */
    static double table(String op) {
        return TABLED.contains(op) ? 0x1p-6 : 0;
    }

    /** Whether the op rounds as the ops that define it do, and not once. */
    static boolean inParts(String op) {
        return IN_PARTS.contains(op);
    }

    /** Whether a result is never rounded. */
    static boolean selects(String op) {
        return SELECTING.contains(op);
    }

    /** Whether partial sums must be bounded for the result to be exact. */
    static boolean adds(String op) {
        return ADDING.contains(op);
    }

    /** Whether integers give the same result, bit for bit, on every engine. */
    static boolean whole(String op) {
        return SELECTING.contains(op) || ADDING.contains(op) || WHOLE.contains(op);
    }

    /** All names here, so that a test can find one that is no op's. */
    static Set<String> names() {
        var names = new HashSet<>(SELECTING);
        names.addAll(ADDING);
        names.addAll(WHOLE);
        names.addAll(TABLED);
        names.addAll(CANCELLING);
        names.addAll(IN_PARTS);
        names.addAll(QUIRKS.keySet());
        names.addAll(BELOW.keySet());
        return names;
    }
}
