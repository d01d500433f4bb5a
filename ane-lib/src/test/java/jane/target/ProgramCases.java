package jane.target;

import jane.mil.Program;
import java.util.List;

/** Inputs and outputs, constants and spelling. */
final class ProgramCases {
    static final List<RuleCase> ALL =
            List.of(
                    RuleCase.of("ANE-C04", "m4/inmem", n -> ports(64, 64, n), 32, 64),
                    RuleCase.of("ANE-C05", "m4/inmem", ProgramCases::returned, "y, y2", "y1, y2"),
                    RuleCase.of("ANE-C06", "m4/inmem", n -> ports(64, n, 64), 32, 64),
                    RuleCase.of("ANE-C06b", "m4/inmem", ProgramCases::declared, "b, a", "a, b"),
                    RuleCase.of("ANE-C06c", "strict/inmem", ProgramCases::declared, "a, b", "a"),
                    RuleCase.of("ANE-C07", "strict/inmem", ProgramCases::surface, 255, 256),
                    RuleCase.of("ANE-C08", "m4/inmem", ProgramCases::row, 33, 32),
                    RuleCase.of(
                            "ANE-C08b",
                            "m4/inmem",
                            ProgramCases::ranked,
                            "1, 1, 1, 2, 32",
                            "1, 1, 2, 32"),
                    RuleCase.of("ANE-E08", "m4", ProgramCases::result, "x", "y"),
                    RuleCase.of("ANE-C18", "m4/inmem", n -> blobs(n, "x"), 17, 16),
                    new RuleCase(
                            "ANE-C19", "m4/inmem", blobs(16, "half(0.5)"), blobs(15, "half(0.5)")),
                    RuleCase.of("ANE-C30", "m4/inmem", ProgramCases::weights, 2049, 2048),
                    RuleCase.of("ANE-C30b", "strict/inmem", ProgramCases::weights, 9, 8),
                    RuleCase.of("ANE-E12", "m4", ProgramCases::weights, 954, 953),
                    RuleCase.of(
                            "ANE-C36",
                            "m4/inmem",
                            ProgramCases::unpacked,
                            "constexpr_affine_dequantize",
                            "constexpr_lut_to_dense"),
                    RuleCase.of(
                            "ANE-C37",
                            "m4/inmem",
                            s -> scaled("int8", s, ""),
                            "8, 2, 1, 1",
                            "8, 1, 1, 1"),
                    RuleCase.of(
                            "ANE-C37",
                            "m4/inmem",
                            t -> scaled(t, "8, 1, 1, 1", ""),
                            "uint8",
                            "int8"),
                    RuleCase.of(
                            "ANE-C37",
                            "m4/inmem",
                            o -> scaled("int8", "8, 1, 1, 1", o),
                            ", offset = d",
                            ""),
                    RuleCase.of("ANE-C37b", "m4/inmem", ProgramCases::scaleIn, "named", "blob"),
                    RuleCase.of(
                            "ANE-C37c",
                            "m3/inmem",
                            t -> scaled(t, "8, 1, 1, 1", ""),
                            "int4",
                            "int8"),
                    RuleCase.of(
                            "ANE-C01",
                            "m4",
                            ProgramCases::product,
                            "",
                            ", transpose_x = no, transpose_y = no"),
                    RuleCase.of(
                            "ANE-C02",
                            "m4",
                            ProgramCases::joined,
                            "axis = k",
                            "axis = k, interleave = f"),
                    RuleCase.of(
                            "ANE-C02",
                            "m4",
                            ProgramCases::joined,
                            "axis = int(0), interleave = f",
                            "axis = k, interleave = f"),
                    RuleCase.of(
                            "ANE-C03", "m4", ProgramCases::logarithm, "", ", epsilon = half(0.0)"),
                    RuleCase.of(
                            "ANE-C14", "strict", ProgramCases::joined, "axis = int(0)", "axis = k"),
                    RuleCase.of("ANE-C15", "m4", ProgramCases::bias, "1, 8, 1, 1", "8"),
                    RuleCase.of("ANE-C16", "m4", ProgramCases::result, "x", "y"));

    private ProgramCases() {}

    /** Inputs of two widths and outputs of two. */
    private static Program ports(int a, int b, int c) {
        return Mil.of(
                "fp16[1, 4, 1, " + a + "] a, fp16[1, 4, 1, " + b + "] b -> y, z",
                "fp16[1, 4, 1, 64] y = add(x = a, y = b)",
                "fp16[1, 4, 1, " + c + "] z = relu(x = y)");
    }

    private static Program returned(String names) {
        String first = names.split(",")[0];
        return Mil.of(
                "fp16[2, 32] x -> " + names,
                "fp16[2, 32] " + first + " = relu(x = x)",
                "fp16[2, 32] y2 = tanh(x = x)");
    }

    private static Program declared(String names) {
        String params = "fp16[2, 32] " + names.replace(", ", ", fp16[2, 32] ");
        return Mil.of(params + " -> y", "fp16[2, 32] y = relu(x = a)");
    }

    private static Program surface(int rows) {
        String type = "fp16[1, " + rows + ", 1, 32]";
        return Mil.of(type + " x -> y", type + " y = relu(x = x)");
    }

    private static Program row(int width) {
        String type = "fp16[1, 4, 1, " + width + "]";
        return Mil.of(type + " x -> y", type + " y = relu(x = x)");
    }

    private static Program ranked(String dims) {
        return Mil.of("fp16[" + dims + "] x -> y", "fp16[" + dims + "] y = relu(x = x)");
    }

    private static Program result(String output) {
        return Mil.of("fp16[2, 32] x -> " + output, "fp16[2, 32] y = relu(x = x)");
    }

    private static Program blobs(int count, String factor) {
        var lines = Mil.chain(count, "blob fp16[32] w%1$d");
        lines.addAll(Mil.chain(count, "fp16[2, 32] y%1$d = add(x = y%2$d, y = w%1$d)"));
        lines.add("fp16[2, 32] z = mul(x = y" + count + ", y = " + factor + ")");
        return Mil.of("ios18", "fp16[2, 32] y0, fp16[2, 32] x -> z", lines);
    }

    /** {@code mebi} times 2 MiB of weights, of which nothing is read. */
    private static Program weights(int mebi) {
        var lines = Mil.chain(mebi, "blob fp16[1048576] w%1$d");
        lines.add("fp16[1048576] y = add(x = x, y = w1)");
        return Mil.of("ios18", "fp16[1048576] x -> y", lines);
    }

    private static Program unpacked(String op) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "blob int8[32] d",
                "fp16[32] w = " + op + "(quantized_data = d)",
                "fp16[2, 32] y = add(x = x, y = w)");
    }

    private static Program scaled(String dtype, String scale, String more) {
        return Mil.of(
                "fp16[8, 4, 1, 1] x -> y",
                "blob " + dtype + "[8, 4, 1, 1] d",
                "blob fp16[" + scale + "] s",
                "fp16[8, 4, 1, 1] w = constexpr_blockwise_shift_scale(data = d, scale = s"
                        + more
                        + ")",
                "fp16[8, 4, 1, 1] y = add(x = x, y = w)");
    }

    private static Program scaleIn(String form) {
        return Mil.of(
                "fp16[1, 4] x -> y",
                "blob int8[1, 4] d",
                form.equals("blob")
                        ? "blob fp16[1] s"
                        : "fp16[1] s = const()[val = tensor<fp16, [1]>([0.5])]",
                "fp16[1, 4] w = constexpr_blockwise_shift_scale(data = d, scale = s)",
                "fp16[1, 4] y = add(x = x, y = w)");
    }

    private static Program product(String more) {
        return Mil.of("fp16[8, 8] x -> y", "fp16[8, 8] y = matmul(x = x, y = x" + more + ")");
    }

    private static Program joined(String rest) {
        return Mil.of(
                "fp16[2, 32] x -> y",
                "int32 k = const()[val = int(0)]",
                "bool f = const()[val = no]",
                "fp16[4, 32] y = concat(values = (x, x), " + rest + ")");
    }

    private static Program logarithm(String more) {
        return Mil.of("fp16[2, 32] x -> y", "fp16[2, 32] y = log(x = x" + more + ")");
    }

    private static Program bias(String dims) {
        return Mil.of(
                "fp16[1, 4, 1, 32] x -> y",
                "blob fp16[8, 4, 1, 1] w",
                "blob fp16[" + dims + "] b",
                "fp16[1, 8, 1, 32] y = conv(x = x, weight = w, bias = b)");
    }
}
