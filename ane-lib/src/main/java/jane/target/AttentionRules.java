package jane.target;

import static jane.target.Finding.NONE;

import java.util.List;
import java.util.Optional;

/** What {@code scaled_dot_product_attention} asks for. */
final class AttentionRules {
    private static final String SDPA = "scaled_dot_product_attention";

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C10", Group.OPS, "scaled_dot_product_attention has no mask")
                            .applies(
                                    Applies.error()
                                            .on(Family.A15, Family.A16)
                                            .elsewhere(Severity.WARNING))
                            .effect(Effect.WRONG_DATA)
                            .remedy("decompose it: matmul, scale, add the mask, softmax, matmul")
                            .source("maderix/ANE, Orion, ANEgpt: the mask is ignored", "C-10")
                            .ops(
                                    (op, t) ->
                                            op.has("attn_mask")
                                                    ? Finding.of("attn_mask", "no mask")
                                                    : NONE,
                                    SDPA),
                    Rule.of("ANE-Q26", Group.OPS, "An attention mask is [1, 1, Sq, Skv]")
                            .effect(Effect.WRONG_DATA)
                            .remedy("decompose it, or use one mask for all heads and every query")
                            .source("ANEForge, quirk table: SDPA native mask", "Q-26")
                            .ops(AttentionRules::maskShape, SDPA),
                    Rule.of("ANE-Q25", Group.OPS, "scaled_dot_product_attention is short")
                            .effect(Effect.WRONG_DATA)
                            .remedy("decompose it in query tiles of at most 512 rows")
                            .source(
                                    "ANEForge, quirk table: both sequences >= 512, or S > 2048",
                                    "Q-25")
                            .ops(AttentionRules::longAttention, SDPA),
                    Rule.of(
                                    "ANE-C45",
                                    Group.OPS,
                                    "scaled_dot_product_attention is large enough to be native")
                            .applies(Applies.warning())
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("decompose it")
                            .source(
                                    "ANEForge: heads >= 64 or sequence >= 496 at head size 64",
                                    "C-45")
                            .ops(AttentionRules::smallAttention, SDPA));

    private AttentionRules() {}

    private static int sequence(OpView op, String arg) {
        return op.arg(arg).map(v -> v.dim(-2)).orElse(1);
    }

    private static Optional<Finding> maskShape(OpView op, Target target) {
        var need = List.of(1, 1, sequence(op, "query"), sequence(op, "key"));
        return op.arg("attn_mask")
                .filter(m -> !m.dims().equals(need))
                .map(m -> new Finding("a mask of " + m.dims(), need.toString()));
    }

    private static Optional<Finding> longAttention(OpView op, Target target) {
        int queries = sequence(op, "query");
        int keys = sequence(op, "key");
        boolean both = queries >= 512 && keys >= 512;
        return both || Math.max(queries, keys) > 2048
                ? Finding.of(
                        queries + " queries and " + keys + " keys",
                        "one of them below 512, both at most 2048")
                : NONE;
    }

    private static Optional<Finding> smallAttention(OpView op, Target target) {
        int heads = op.arg("query").map(v -> v.dim(-3)).orElse(1);
        int keys = sequence(op, "key");
        return heads < 64 && keys < 496
                ? Finding.of(heads + " heads and " + keys + " keys", "64 heads or 496 keys")
                : NONE;
    }
}
