package jane.target;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which MIL ops the engine's compiler takes. Sources: R's op table (status letters A, W, C, R of
 * maderix/ANE, Orion, ironmill, ANEForge, M5 Max notes) and ANEForge's op floors.
 */
final class OpTable {
    /** What reports say of an op. */
    enum Word {
        TAKEN,
        DOUBTFUL,
        REFUSED
    }

    /**
     * One op.
     *
     * @param from the first family that takes it
     * @param opset the first opset that has it, as a number: 18
     */
    record Row(String op, Word word, Family from, int opset) {}

    private static final String TAKEN =
            "conv conv_transpose linear matmul add sub mul real_div floor_div maximum minimum pow"
                + " exp exp2 log sqrt inverse abs sign square ceil floor round erf atan threshold"
                + " clip equal not_equal less less_equal greater greater_equal logical_not select"
                + " cast identity sigmoid tanh relu relu6 leaky_relu elu prelu clamped_relu"
                + " softsign scaled_tanh sigmoid_hard softmax reduce_sum reduce_mean reduce_max"
                + " reduce_min reduce_sum_square reduce_l1_norm reduce_log_sum reduce_l2_norm"
                + " reduce_argmax layer_norm instance_norm reshape transpose expand_dims squeeze"
                + " slice_by_size slice_by_index split pad depth_to_space space_to_depth"
                + " pixel_shuffle reverse const";

    /** Reports contradict one another, or it runs and is wrong in some cases. */
    private static final String DOUBTFUL =
            "rsqrt silu gelu softplus concat stack tile batch_norm l2_norm max_pool avg_pool einsum"
                + " reduce_log_sum_exp local_response_norm resize_bilinear resize_nearest_neighbor"
                + " upsample_nearest_neighbor upsample_bilinear batch_to_space space_to_batch";

    private static final String REFUSED =
            "mod tan asin acos sinh cosh asinh acosh atanh logical_and logical_or logical_xor"
                    + " reduce_prod gather gather_along_axis gather_nd scatter scatter_along_axis"
                    + " scatter_nd non_zero shape sliding_windows one_hot band_part cumsum"
                    + " constexpr_cast rnn gru lstm while_loop cond non_maximum_suppression";

    private static final Map<String, Row> ROWS = rows();

    private OpTable() {}

    private static Map<String, Row> rows() {
        var rows = new ArrayList<Row>();
        add(rows, TAKEN, Word.TAKEN, Family.A13, 15);
        add(rows, DOUBTFUL, Word.DOUBTFUL, Family.A13, 15);
        add(rows, REFUSED, Word.REFUSED, Family.A13, 15);
        // ANEForge, op floors
        add(rows, "crop_resize resample affine topk argsort", Word.TAKEN, Family.A14, 15);
        add(rows, "reduce_argmin", Word.TAKEN, Family.A15, 15);
        add(rows, "sin cos", Word.DOUBTFUL, Family.A15, 15); // ironmill: refused on M3 Pro
        add(
                rows,
                "random_normal random_uniform random_bernoulli random_categorical",
                Word.TAKEN,
                Family.A15,
                15);
        add(rows, "pixel_unshuffle", Word.TAKEN, Family.A13, 16);
        add(rows, "quantize dequantize", Word.TAKEN, Family.A13, 17);
        add(
                rows,
                "constexpr_affine_dequantize constexpr_lut_to_dense constexpr_sparse_to_dense",
                Word.DOUBTFUL,
                Family.A13,
                16);
        add(
                rows,
                "constexpr_blockwise_shift_scale scaled_dot_product_attention read_state"
                        + " coreml_update_state",
                Word.DOUBTFUL,
                Family.A13,
                18);
        var map = new LinkedHashMap<String, Row>();
        rows.forEach(row -> map.put(row.op(), row));
        return map;
    }

    private static void add(List<Row> rows, String ops, Word word, Family from, int opset) {
        for (String op : ops.split(" ")) {
            rows.add(new Row(op, word, from, opset));
        }
    }

    /** What is known of an op; empty if no report speaks of it. */
    static Optional<Row> of(String op) {
        return Optional.ofNullable(ROWS.get(op));
    }

    /** Every op that a report speaks of. */
    static List<Row> all() {
        return List.copyOf(ROWS.values());
    }

    /** Whether the target's chips have it at all. */
    static boolean isRefused(Row row, Target target) {
        return row.word() == Word.REFUSED || target.family().compareTo(row.from()) < 0;
    }
}
