package jane.target;

import jane.mil.Program;
import java.util.List;

/** Ops that are not there, single ops' conditions, and ops that fail only together. */
final class OpCases {
    static final List<RuleCase> ALL =
            List.of(
                    RuleCase.of("ANE-Q35", "m5", OpCases::unary, "cumsum", "relu"),
                    RuleCase.of("ANE-Q35", "m1", OpCases::unary, "reduce_prod", "reduce_sum"),
                    new RuleCase("ANE-P02", "m2", unary("sin"), unary("atan")),
                    RuleCase.of("ANE-P02", "m1", OpCases::unary, "topk", "relu"),
                    RuleCase.of("ANE-P02", "strict", OpCases::unary, "cos", "erf"),
                    RuleCase.of("ANE-P03", "m4", s -> attention(s, 64, 8, 8, ""), "ios17", "ios18"),
                    RuleCase.of(
                            "ANE-P06", "m1@14", s -> attention(s, 64, 8, 8, ""), "ios18", "ios17"),
                    RuleCase.of("ANE-P04", "m4", OpCases::unary, "silu", "sigmoid"),
                    RuleCase.of("ANE-P05", "m4", OpCases::unary, "frobnicate", "sigmoid"),
                    RuleCase.of("ANE-C24", "m3/inmem", w -> ShapeCases.convOf(1, w), "v", "c"),
                    RuleCase.of("ANE-Q19", "m5", n -> ShapeCases.convOf(n, "v"), 2, 1),
                    new RuleCase(
                            "ANE-Q19", "m5", ShapeCases.convOf(2, "v"), ShapeCases.convOf(2, "c")),
                    RuleCase.of("ANE-Q28", "m4", OpCases::topk, 3, 2),
                    RuleCase.of("ANE-Q28", "m4", OpCases::topk, 4, 5),
                    RuleCase.of("ANE-Q29", "m4", OpCases::argmax, 2049, 2048),
                    RuleCase.of("ANE-Q30", "m4", OpCases::response, 16, 15),
                    RuleCase.of("ANE-Q31", "m4", OpCases::blocks, 6, 8),
                    RuleCase.of("ANE-Q33", "m1", OpCases::unary, "resize_bilinear", "relu"),
                    RuleCase.of(
                            "ANE-E17", "m4", OpCases::einsum, "bhqd,bhkd->bhqk", "nchw,nwhu->nchu"),
                    RuleCase.of("ANE-E18", "m4", OpCases::upsample, "fp32(2.0)", "int(2)"),
                    RuleCase.of(
                            "ANE-C10",
                            "m4",
                            m -> attention("ios18", 64, 8, 8, m),
                            "fp16[1, 1, 8, 8] mask",
                            ""),
                    RuleCase.of(
                            "ANE-Q26",
                            "m4",
                            m -> attention("ios18", 64, 8, 8, m),
                            "fp16[1, 64, 8, 8] mask",
                            "fp16[1, 1, 8, 8] mask"),
                    RuleCase.of("ANE-Q25", "m4", n -> attention("ios18", 12, n, 512, ""), 512, 511),
                    RuleCase.of("ANE-Q25", "m4", n -> attention("ios18", 12, 8, n, ""), 2049, 2048),
                    RuleCase.of("ANE-C45", "m4", n -> attention("ios18", n, 8, 8, ""), 63, 64),
                    RuleCase.of("ANE-C45", "m4", n -> attention("ios18", 12, 8, n, ""), 495, 496),
                    RuleCase.of("ANE-Q05", "m1", OpCases::offsets, 1, 0),
                    RuleCase.of("ANE-Q09", "m4", OpCases::timesSum, "half(0.0)", "half(0.5)"),
                    RuleCase.of("ANE-Q10", "m4", OpCases::squared, 193, 192),
                    new RuleCase("ANE-Q11", "m5", rounded("half(0.5)"), rounded("x")),
                    RuleCase.of("ANE-Q03", "m5", OpCases::product, "t", "w"),
                    RuleCase.of("ANE-C21", "m3/inmem", OpCases::unary, "tile", "relu"),
                    RuleCase.of("ANE-C22", "m5/inmem", OpCases::unary, "identity", "relu"),
                    RuleCase.of("ANE-C23", "m5/inmem", OpCases::chained, "a, y", "y"),
                    RuleCase.of("ANE-C25", "m4", OpCases::unary, "reshape", "relu"),
                    RuleCase.of("ANE-C25", "m4", OpCases::lastOp, "reshape", "relu"),
                    RuleCase.of("ANE-C26", "m4", OpCases::four, "tile", "relu"),
                    new RuleCase("ANE-C27", "m4", Mil.of("fp16[2, 32] x -> x"), unary("relu")),
                    RuleCase.of("ANE-C41", "m4", OpCases::deep, 384, 383),
                    RuleCase.of("ANE-E19", "m4", OpCases::blockwise, "w", "plus"),
                    RuleCase.of("ANE-E20", "m4", OpCases::reshaped, "w", "x"),
                    RuleCase.of("ANE-C31", "m1", OpCases::offsets, 1, 0),
                    RuleCase.of("ANE-C33", "m4", OpCases::summed, 2049, 2048),
                    RuleCase.of("ANE-Q08", "m4", OpCases::squareOf, "s", "x"),
                    RuleCase.of("ANE-Q12", "m5", OpCases::unary, "round", "floor"),
                    RuleCase.of("ANE-Q13", "m5", OpCases::softplus, "x", "m"),
                    RuleCase.of("ANE-Q14", "m5", OpCases::unary, "gelu", "erf"),
                    RuleCase.of("ANE-Q17", "m5", OpCases::oneMinus, "e", "x"));

    private OpCases() {}

    static Program unary(String op) {
        return Mil.of("fp16[2, 32] x -> y", "fp16[2, 32] y = " + op + "(x = x)");
    }

    private static Program attention(String opset, int heads, int queries, int keys, String mask) {
        String q = "fp16[1, " + heads + ", " + queries + ", 64]";
        String k = "fp16[1, " + heads + ", " + keys + ", 64]";
        return Mil.of(
                opset,
                q + " q, " + k + " k, " + k + " v" + (mask.isEmpty() ? "" : ", " + mask) + " -> y",
                List.of(
                        q
                                + " y = scaled_dot_product_attention(query = q, key = k, value = v"
                                + (mask.isEmpty() ? ")" : ", attn_mask = mask)")));
    }

    private static Program topk(int k) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "fp16[2, 5] y, int32[2, 5] i = topk(x = x, k = int(" + k + "), axis = int(-1))");
    }

    private static Program argmax(int n) {
        return Mil.of(
                "fp16[2, " + n + "] x -> y",
                "int32[2] i = reduce_argmax(x = x, axis = int(-1))",
                "fp16[2] y = cast(x = i, dtype = text(fp16))");
    }

    private static Program response(int channels) {
        String type = "fp16[1, " + channels + ", 8, 32]";
        return Mil.of(type + " x -> y", type + " y = local_response_norm(x = x)");
    }

    private static Program blocks(int batch) {
        return Mil.of(
                "fp16[" + batch + ", 4, 8, 8] x -> y",
                "fp16[1, 4, 16, 16] y = batch_to_space(x = x, block_shape = ints(2, 2))");
    }

    private static Program einsum(String equation) {
        return Mil.of(
                "fp16[1, 2, 3, 4] x -> y",
                "fp16[1, 2, 3, 4] y = einsum(values = (x, x), equation = text(" + equation + "))");
    }

    private static Program upsample(String factor) {
        return Mil.of(
                "fp16[1, 2, 8, 8] x -> y",
                "fp16[1, 2, 16, 16] y = upsample_nearest_neighbor(x = x, scale_factor_height = "
                        + factor
                        + ")");
    }

    /** Two slices of the last axis, the second and third from {@code begin}. */
    private static Program offsets(int begin) {
        String slice = "fp16[2, 31] s%1$d = slice_by_index(x = x, begin = ints(0, " + begin + "))";
        var lines = Mil.chain(2, slice);
        lines.add("fp16[4, 31] y = concat(values = (s1, s2), axis = int(0), interleave = no)");
        return Mil.of("ios18", "fp16[2, 32] x -> y", lines);
    }

    private static Program timesSum(String factor) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "fp16[2, 1] s = reduce_sum(x = x, axes = ints(1), keep_dims = yes)",
                "fp16[2, 1] y = mul(x = s, y = " + factor + ")");
    }

    private static Program squared(int width) {
        String type = "fp16[2, " + width + "]";
        return Mil.of(type + " x -> y", type + " s = square(x = x)", type + " y = sigmoid(x = s)");
    }

    private static Program rounded(String factor) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "fp16[2, 32] f = floor(x = x)",
                "fp16[2, 32] y = mul(x = f, y = " + factor + ")");
    }

    private static Program product(String right) {
        return Mil.of(
                "fp16[32, 32] x, fp16[32, 32] w -> y",
                "fp16[32, 32] t = transpose(x = w, perm = ints(1, 0))",
                "fp16[32, 32] p = matmul(x = x, y = " + right + ")",
                "fp16[32, 32] y = add(x = p, y = t)");
    }

    private static Program chained(String outputs) {
        return Mil.of(
                "fp16[2, 32] x -> " + outputs,
                "fp16[2, 32] a = relu(x = x)",
                "fp16[2, 32] y = tanh(x = a)");
    }

    private static Program lastOp(String op) {
        return Mil.of(
                "fp16[32, 32] x -> y",
                "fp16[32, 32] p = matmul(x = x, y = x)",
                "fp16[32, 32] y = " + op + "(x = p)");
    }

    private static Program four(String last) {
        return Mil.of(
                "fp16[32, 32] x -> y",
                "fp16[16, 32] a, fp16[16, 32] b = split(x = x, num_splits = int(2), axis = int(0))",
                "fp16[16, 16] p = matmul(x = a, y = b, transpose_y = yes)",
                "fp16[16, 16] s = softmax(x = p, axis = int(-1))",
                "fp16[16, 16] y = " + last + "(x = s)");
    }

    private static Program deep(int layers) {
        var lines = Mil.chain(layers, "fp16[4, 32] y%1$d = linear(x = y%2$d, weight = w)");
        lines.add(0, "blob fp16[32, 32] w");
        return Mil.of("ios18", "fp16[4, 32] y0 -> y" + layers, lines);
    }

    private static Program blockwise(String weight) {
        return Mil.of(
                "fp16[1, 4, 1, 32] x -> y",
                "blob int8[8, 4, 1, 1] d",
                "blob fp16[8, 1, 1, 1] s",
                "fp16[8, 4, 1, 1] w = constexpr_blockwise_shift_scale(data = d, scale = s)",
                "fp16[8, 4, 1, 1] plus = add(x = w, y = half(0.0))",
                "fp16[1, 8, 1, 32] z = conv(x = x, weight = " + weight + ")",
                "fp16[1, 8, 1, 32] y = mul(x = z, y = plus)");
    }

    private static Program reshaped(String what) {
        return Mil.of(
                "fp16[8, 4] x -> y",
                "blob int8[8, 4] d",
                "fp16[8, 4] w = constexpr_affine_dequantize(quantized_data = d)",
                "fp16[4, 8] r = reshape(x = " + what + ", shape = ints(4, 8))",
                "fp16[8, 8] y = matmul(x = w, y = r)");
    }

    private static Program summed(int n) {
        return Mil.of(
                "fp16[2, " + n + "] x -> y",
                "fp16[2, 1] y = reduce_sum(x = x, axes = ints(1), keep_dims = yes)");
    }

    private static Program squareOf(String what) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "fp16[2, 1] s = reduce_sum(x = x, axes = ints(1), keep_dims = yes)",
                "fp16[2, 1] q = square(x = " + what + ")",
                "fp16[2, 1] y = add(x = q, y = s)");
    }

    private static Program softplus(String what) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "fp16[2, 32] m = minimum(x = x, y = half(10.0))",
                "fp16[2, 32] p = softplus(x = " + what + ")",
                "fp16[2, 32] y = add(x = p, y = m)");
    }

    private static Program oneMinus(String what) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "fp16[2, 32] e = erf(x = x)",
                "fp16[2, 32] d = sub(x = half(1.0), y = " + what + ")",
                "fp16[2, 32] y = add(x = d, y = e)");
    }
}
