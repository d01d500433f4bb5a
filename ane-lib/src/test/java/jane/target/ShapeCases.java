package jane.target;

import jane.mil.Program;
import java.util.List;

/** Dimensions, ranks, channels, windows and element types, on both sides of each boundary. */
final class ShapeCases {
    private static final String CONV_REST =
            ", strides = ints(1, 1), pad_type = text(valid), pad = ints(0, 0, 0, 0), dilations ="
                    + " ints(1, 1), groups = int(1))";

    static final List<RuleCase> ALL =
            List.of(
                    RuleCase.of("ANE-C28", "m1", ShapeCases::rows, 16385, 16384),
                    RuleCase.of("ANE-C28", "m3", ShapeCases::rows, 16385, 16384),
                    RuleCase.of("ANE-C28", "m4", ShapeCases::rows, 65537, 65536),
                    RuleCase.of("ANE-C28", "m5", ShapeCases::channels, 65537, 65536),
                    RuleCase.of("ANE-C28", "m2", ShapeCases::turned, 8388608, 8388607),
                    RuleCase.of("ANE-C28", "m4", ShapeCases::turned, 16777216, 16777215),
                    RuleCase.of("ANE-C28", "strict", ShapeCases::rows, 16385, 16384),
                    RuleCase.of("ANE-C28b", "m1", ShapeCases::inner, 16385, 16384),
                    RuleCase.of("ANE-C28b", "m4", ShapeCases::inner, 65537, 65536),
                    RuleCase.of(
                            "ANE-Q23",
                            "m5",
                            ShapeCases::ranks,
                            "1, 1, 1, 1, 2, 3",
                            "1, 1, 1, 2, 3"),
                    RuleCase.of("ANE-C17", "m4", n -> conv(1, n, 8, 1), 16385, 16384),
                    RuleCase.of("ANE-C17", "m4", n -> conv(1, 4, n, 1), 65537, 65536),
                    RuleCase.of("ANE-C29", "m1", w -> conv(1, 4, 8, w), 14, 13),
                    RuleCase.of("ANE-C29", "m5", w -> conv(1, 4, 8, w), 16, 15),
                    RuleCase.of("ANE-C29", "strict", w -> conv(1, 4, 8, w), 14, 13),
                    RuleCase.of("ANE-Q21", "m1", ShapeCases::pool, 30, 29),
                    RuleCase.of("ANE-Q21", "m2", ShapeCases::pool, 32, 31),
                    RuleCase.of(
                            "ANE-E16", "m5", ShapeCases::transposed, "1, 1, 2, 2, 3", "1, 2, 2, 3"),
                    RuleCase.of("ANE-C38", "m4", ShapeCases::batches, 1, 2),
                    RuleCase.of("ANE-C39", "m5", ShapeCases::mean, 512, 511),
                    RuleCase.of("ANE-C46", "strict", ShapeCases::softmax, 48, 64),
                    RuleCase.of("ANE-Q22", "m4", ShapeCases::wide, 100_000, 99_999),
                    RuleCase.of("ANE-Q20", "m1", ShapeCases::patches, 129, 128),
                    RuleCase.of("ANE-C34", "m4", t -> ports(t, t), "fp32", "fp16"),
                    RuleCase.of("ANE-C34", "m4@15", t -> ports(t, t), "fp32", "uint8"),
                    RuleCase.of("ANE-C34b", "m2/inmem", t -> ports(t, t), "fp32", "fp16"),
                    RuleCase.of("ANE-C35", "m5/inmem", t -> ports(t, t), "int32", "bool"),
                    RuleCase.of("ANE-C35", "m5", t -> ports(t, t), "bf16", "int16"),
                    RuleCase.of("ANE-C35", "m5", t -> ports(t, t), "int4", "uint8"),
                    RuleCase.of("ANE-C35b", "m5", t -> ports(t, t), "bool", "fp16"),
                    RuleCase.of("ANE-C35c", "m5/inmem", t -> ports("fp16", t), "int8", "fp32"),
                    RuleCase.of("ANE-C35d", "m5/inmem", t -> ports(t, "fp16"), "int8", "fp16"),
                    RuleCase.of("ANE-E14", "m5", ShapeCases::inside, "int32", "int16"),
                    RuleCase.of("ANE-E15", "strict", ShapeCases::inside, "fp32", "fp16"),
                    RuleCase.of("ANE-E25", "m4", ShapeCases::sum, "int8", "fp16"),
                    RuleCase.of("ANE-Q34", "m1", ShapeCases::inside, "int32", "int16"));

    private ShapeCases() {}

    private static Program rows(int n) {
        return Mil.of("fp16[" + n + ", 2] x -> y", "fp16[" + n + ", 2] y = relu(x = x)");
    }

    private static Program channels(int n) {
        String type = "fp16[1, " + n + ", 1, 2]";
        return Mil.of(type + " x -> y", type + " y = relu(x = x)");
    }

    /** Wide before and after a transpose. */
    private static Program turned(int n) {
        return Mil.of(
                "fp16[" + n + ", 2] x -> y",
                "fp16[2, " + n + "] t = transpose(x = x, perm = ints(1, 0))",
                "fp16[2, 1] y = reduce_max(x = t, axes = ints(1), keep_dims = yes)");
    }

    private static Program inner(int n) {
        return Mil.of(
                "fp16[2, 3] x -> y",
                "blob fp16[" + n + ", 2] w",
                "fp16[2, " + n + "] big = tile(x = x, reps = ints(1, 1))",
                "fp16[2, 2] y = matmul(x = big, y = w, transpose_x = no, transpose_y = no)");
    }

    private static Program ranks(String dims) {
        return Mil.of("fp16[" + dims + "] x -> y", "fp16[" + dims + "] y = relu(x = x)");
    }

    static Program conv(int batch, int in, int out, int width) {
        return Mil.of(
                "fp16[" + batch + ", " + in + ", 1, 64] x -> y",
                "blob fp16[" + out + ", " + in + ", 1, " + width + "] w",
                "fp16[" + batch + ", " + out + ", 1, 64] y = conv(x = x, weight = w" + CONV_REST);
    }

    static Program convOf(int batch, String weight) {
        return Mil.of(
                "fp16[" + batch + ", 4, 1, 64] x, fp16[8, 4, 1, 1] v -> y",
                "blob fp16[8, 4, 1, 1] c",
                "fp16[" + batch + ", 8, 1, 64] y = conv(x = x, weight = " + weight + CONV_REST);
    }

    private static Program pool(int side) {
        return Mil.of(
                "fp16[1, 4, 64, 64] x -> y",
                "fp16[1, 4, 8, 8] y = max_pool(x = x, kernel_sizes = ints(1, " + side + "))");
    }

    private static Program transposed(String dims) {
        return Mil.of(
                "fp16[" + dims + "] x, fp16[" + dims + "] w -> y",
                "fp16[" + dims + "] t = transpose(x = w, perm = ints(0))",
                "fp16[" + dims + "] y = matmul(x = x, y = t)");
    }

    private static Program batches(int n) {
        return Mil.of(
                "fp16[2, 4, 1, 32] x, fp16[" + n + ", 1, 1, 32] w -> y",
                "fp16[2, 4, 1, 32] y = mul(x = x, y = w)");
    }

    private static Program mean(int n) {
        return Mil.of(
                "fp16[1, " + n + ", 1, 32] x -> y",
                "fp16[1, 1, 1, 32] y = reduce_mean(x = x, axes = ints(1), keep_dims = yes)");
    }

    private static Program softmax(int n) {
        String type = "fp16[1, " + n + ", 1, 32]";
        return Mil.of(type + " x -> y", type + " y = softmax(x = x, axis = int(1))");
    }

    private static Program wide(int n) {
        return Mil.of(
                "fp16[10, " + n + "] x -> y",
                "fp16[1, " + n + "] r = reshape(x = x, shape = ints(1, " + n + "))",
                "fp16[2, " + n + "] y = concat(values = (r, r), axis = int(0), interleave = no)");
    }

    private static Program patches(int n) {
        String slice =
                "fp16[" + n + ", 4, 1, 8] s%1$d = slice_by_size(x = x, begin = ints(0, 0, 0, 0))";
        var lines = Mil.chain(4, slice);
        lines.add("fp16[" + n + ", 4, 4, 8] y = concat(values = (s1, s2, s3, s4), axis = int(2))");
        return Mil.of("ios18", "fp16[" + n + ", 4, 1, 32] x -> y", lines);
    }

    private static Program ports(String in, String out) {
        return Mil.of(
                in + "[2, 32] x -> y", out + "[2, 32] y = cast(x = x, dtype = text(" + out + "))");
    }

    private static Program inside(String type) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                type + "[2, 32] i = cast(x = x, dtype = text(" + type + "))",
                "fp16[2, 32] y = cast(x = i, dtype = text(fp16))");
    }

    private static Program sum(String type) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                type + "[2, 32] i = cast(x = x, dtype = text(" + type + "))",
                type + "[2, 32] s = add(x = i, y = i)",
                "fp16[2, 32] y = cast(x = s, dtype = text(fp16))");
    }
}
