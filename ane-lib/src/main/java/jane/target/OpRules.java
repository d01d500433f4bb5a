package jane.target;

import static jane.target.Finding.NONE;
import static jane.target.Finding.above;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which ops there are, from which chip and opset, and what single ops ask for. */
final class OpRules {
    /** macOS that brought an opset: ios18 came with macOS 15. Source: coremltools. */
    private static final Map<Integer, Integer> OPSET_OS = Map.of(15, 12, 16, 13, 17, 14, 18, 15);

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-Q35", Group.OPS, "The op exists on the engine")
                            .remedy(
                                    "rewrite it: cumsum as a triangular matmul, reduce_prod as exp"
                                            + " of a sum of logs, gather as a one-hot matmul,"
                                            + " logical_and as mul; or leave it to the CPU")
                            .source("ANEForge, quirk table: unsupported; ironmill", "Q-35")
                            .ops(OpRules::refused),
                    Rule.of("ANE-P02", Group.OPS, "The op exists on this chip")
                            .remedy(
                                    "rewrite it in older ops (sin and cos as polynomials), or leave"
                                            + " it to the CPU")
                            .source("ANEForge, op floors", "Q-16", "Q-32", "P-02")
                            .ops(OpRules::floor),
                    Rule.of("ANE-P03", Group.OPS, "The function declares an opset that has the op")
                            .remedy("declare the function with the later opset")
                            .source("coremltools op definitions by opset", "P-03")
                            .check(OpRules::opset),
                    Rule.of(
                                    "ANE-P06",
                                    Group.OPS,
                                    "macOS knows the opset that the function declares")
                            .remedy("declare an earlier opset, or update macOS")
                            .source("coremltools: ios18 with macOS 15", "P-06")
                            .check(Check.program(OpRules::system)),
                    Rule.of("ANE-P04", Group.OPS, "Reports agree that the op runs")
                            .applies(Applies.note())
                            .remedy("test on the machine, or rewrite in ops that all reports take")
                            .source("R, op table: status C and W", "P-04")
                            .ops(OpRules::doubtful),
                    Rule.of("ANE-P05", Group.OPS, "Some report says that the op runs")
                            .applies(Applies.note().strict(Severity.WARNING))
                            .remedy("test on the machine, or rewrite in ops with a report")
                            .source("neither collection speaks of it", "P-05")
                            .ops(OpRules::unheard),
                    Rule.of("ANE-C24", Group.OPS, "In memory, a convolution's weight is a constant")
                            .applies(
                                    Applies.error()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A15)
                                            .elsewhere(Severity.WARNING))
                            .effect(Effect.WRONG_DATA)
                            .remedy("write it as im2col and matmul, or bake the weight")
                            .source(
                                    "field guide, M3: compiles and ignores it; oMLX and ANEForge"
                                            + " report forms that work",
                                    "C-24")
                            .ops(OpRules::runtimeWeight, "conv", "conv_transpose"),
                    Rule.of(
                                    "ANE-Q19",
                                    Group.OPS,
                                    "A convolution with a computed weight has batch 1")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("write it as im2col and a batched matmul")
                            .source("ANEForge, quirk table: not supported on any backend", "Q-19")
                            .ops(OpRules::runtimeWeightBatch, "conv", "conv_transpose"),
                    Rule.of("ANE-Q28", Group.OPS, "k of topk is not 3 or 4")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("ask for 5 and drop the rest")
                            .source("ANEForge, quirk table: topk", "Q-28")
                            .ops(OpRules::topk, "topk"),
                    Rule.of("ANE-Q29", Group.OPS, "Indices stay below 2048")
                            .applies(Applies.warning())
                            .effect(Effect.IMPRECISE)
                            .remedy("split the axis and compare the parts' winners")
                            .source("ANEForge, quirk table: argmax/sort indices are fp16", "Q-29")
                            .ops(
                                    OpRules::indices,
                                    "reduce_argmax",
                                    "reduce_argmin",
                                    "argsort",
                                    "topk"),
                    Rule.of(
                                    "ANE-Q30",
                                    Group.OPS,
                                    "Local response normalisation has fewer than 16 channels")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("write it in square, average pooling and real_div")
                            .source(
                                    "ANEForge, quirk table: LRN bridge C >= 16; minmax_norm and"
                                            + " scaled Sub beside it are no MIL ops",
                                    "Q-30")
                            .ops(
                                    (op, t) -> above("channels", op.out().dim(1), 15),
                                    "local_response_norm"),
                    Rule.of("ANE-Q31", Group.OPS, "batch_to_space divides the batch evenly")
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("pad the batch")
                            .source("ANEForge, quirk table: batch_to_space", "Q-31")
                            .ops(OpRules::batchBlocks, "batch_to_space"),
                    Rule.of("ANE-Q33", Group.OPS, "M1 does not resize images")
                            .applies(Applies.warning().on(Family.A13))
                            .effect(Effect.IMPRECISE)
                            .remedy(
                                    "write nearest-neighbour as concat and reshape, bilinear as a"
                                            + " matmul")
                            .source(
                                    "ANEForge, quirk table: software fallback, other rounding",
                                    "Q-33")
                            .ops(
                                    (op, t) -> Finding.of("a resized image", "fixed-size ops"),
                                    "resize_bilinear",
                                    "resize_nearest_neighbor",
                                    "upsample_nearest_neighbor",
                                    "upsample_bilinear"),
                    Rule.of("ANE-E17", Group.OPS, "einsum has the one equation that compiles")
                            .remedy("write it as transpose and matmul")
                            .source("ANEForge, MIL conventions", "E-17")
                            .ops(OpRules::equation, "einsum"),
                    Rule.of("ANE-E18", Group.OPS, "Scale factors have the type their op wants")
                            .applies(Applies.error().route(Route.E5RT))
                            .remedy("write the factor in that type")
                            .source("ANEForge, MIL conventions: other spellings", "E-18")
                            .ops(
                                    OpRules::factor,
                                    "pixel_unshuffle",
                                    "upsample_bilinear",
                                    "upsample_nearest_neighbor"));

    private OpRules() {}

    private static Optional<Finding> refused(OpView op, Target target) {
        return OpTable.of(op.op()).filter(r -> r.word() == OpTable.Word.REFUSED).isPresent()
                ? Finding.of("op " + op.op(), "another op")
                : NONE;
    }

    private static Optional<Finding> floor(OpView op, Target target) {
        return OpTable.of(op.op())
                .filter(r -> target.family().compareTo(r.from()) < 0)
                .map(
                        r ->
                                new Finding(
                                        "op " + op.op() + " on " + target.family().chips(),
                                        r.from().chips() + " or later"));
    }

    private static int number(String opset) {
        String digits = opset.replaceAll("[^0-9]", "");
        return digits.isEmpty() || digits.length() > 4 ? 0 : Integer.parseInt(digits);
    }

    private static void opset(ProgramView program, Target target, Report report) {
        int declared = number(program.opset());
        for (var op : program.ops()) {
            OpTable.of(op.op())
                    .filter(r -> r.opset() > declared)
                    .ifPresent(
                            r ->
                                    report.op(
                                            op,
                                            new Finding(
                                                    "function of " + program.opset(),
                                                    "ios" + r.opset())));
        }
    }

    private static Optional<Finding> system(ProgramView program, Target target) {
        int os = OPSET_OS.getOrDefault(number(program.opset()), 0);
        return os > target.os()
                ? Finding.of(program.opset() + " on macOS " + target.os(), "macOS " + os)
                : NONE;
    }

    private static Optional<Finding> doubtful(OpView op, Target target) {
        return OpTable.of(op.op())
                .filter(r -> r.word() == OpTable.Word.DOUBTFUL && !OpTable.isRefused(r, target))
                .map(
                        r ->
                                new Finding(
                                        "reports on " + r.op() + " contradict one another",
                                        "agreement"));
    }

    private static Optional<Finding> unheard(OpView op, Target target) {
        return OpTable.of(op.op()).isEmpty()
                ? Finding.of("no report on " + op.op(), "one that it runs")
                : NONE;
    }

    private static Optional<ValueView> computedWeight(OpView op) {
        return op.arg("weight").filter(w -> !w.isConst()).filter(w -> !isUnpacked(w));
    }

    /** A weight that a constexpr op unpacks is a constant to the compiler. */
    private static boolean isUnpacked(ValueView value) {
        return value.producer().filter(p -> p.op().startsWith("constexpr_")).isPresent();
    }

    private static Optional<Finding> runtimeWeight(OpView op, Target target) {
        return computedWeight(op)
                .map(w -> new Finding("weight '" + w.name() + "' is no constant", "a constant"));
    }

    private static Optional<Finding> runtimeWeightBatch(OpView op, Target target) {
        int batch = op.arg("x").map(x -> x.dim(0)).orElse(1);
        return computedWeight(op).isPresent() ? above("batch", batch, 1) : NONE;
    }

    private static Optional<Finding> topk(OpView op, Target target) {
        int k = op.integer("k").orElse(1);
        return k == 3 || k == 4 ? Finding.of("k = " + k, "another k") : NONE;
    }

    private static Optional<Finding> indices(OpView op, Target target) {
        int axis = op.integer("axis").orElse(-1);
        int length = op.arg("x").map(x -> x.dim(axis)).orElse(1);
        return above("axis of length", length, target.limit(Limit.EXACT_SUM));
    }

    private static Optional<Finding> batchBlocks(OpView op, Target target) {
        int blocks = op.ints("block_shape").stream().reduce(1, (a, b) -> a * b);
        int batch = op.arg("x").map(x -> x.dim(0)).orElse(blocks);
        return blocks < 1 || batch % blocks != 0
                ? Finding.of("batch " + batch + " in blocks of " + blocks, "a multiple")
                : NONE;
    }

    private static Optional<Finding> equation(OpView op, Target target) {
        String one = "nchw,nwhu->nchu";
        return op.string("equation")
                .filter(e -> !e.replace(" ", "").equals(one))
                .map(e -> new Finding("equation " + e, one));
    }

    private static Optional<Finding> factor(OpView op, Target target) {
        String want =
                switch (op.op()) {
                    case "pixel_unshuffle" -> "uint32";
                    case "upsample_bilinear" -> "fp32";
                    default -> "int32";
                };
        return op.args().entrySet().stream()
                .filter(e -> e.getKey().contains("factor"))
                .flatMap(e -> e.getValue().stream())
                .filter(v -> !v.dtype().equals(want))
                .findFirst()
                .map(v -> new Finding("a factor of " + v.dtype(), want));
    }
}
