package jane.target;

import static jane.target.Finding.NONE;
import static jane.target.Finding.above;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Dimensions, ranks, channels and windows. */
final class ShapeRules {
    private static final Set<String> POOLS = Set.of("max_pool", "avg_pool", "l2_pool");

    static final List<Rule> ALL =
            List.of(
                    Rule.of(
                                    "ANE-C28",
                                    Group.SHAPES,
                                    "No dimension is larger than the compiler takes")
                            .remedy("tile that axis and join the parts")
                            .source(
                                    "ANEForge, target table; ironmill",
                                    "C-28",
                                    "C-50",
                                    "Q-24",
                                    "Q-36")
                            .check(ShapeRules::dims),
                    Rule.of(
                                    "ANE-C28b",
                                    Group.SHAPES,
                                    "No contraction is longer than the compiler takes")
                            .remedy("split the inner axis and add the products")
                            .source("ANEForge, target table: matmul-K", "C-28")
                            .ops(ShapeRules::innerLength, "matmul", "linear"),
                    Rule.of("ANE-Q23", Group.SHAPES, "No tensor has more than 5 dimensions")
                            .remedy("reshape: join axes that are not looked at")
                            .source("ANEForge, quirk table: rank >= 6", "Q-23", "C-28")
                            .check(ShapeRules::ranks),
                    Rule.of("ANE-C17", Group.SHAPES, "A convolution has few enough channels")
                            .remedy("split the channels; for a classifier, tile the classes")
                            .source("Orion paper; maderix/ANE; M5 Max notes", "C-17")
                            .ops(ShapeRules::channels, "conv"),
                    Rule.of("ANE-C29", Group.SHAPES, "A convolution kernel is narrow enough")
                            .remedy(
                                    "split the kernel, use space_to_depth, or turn it: height is"
                                            + " free")
                            .source("ANEForge, target table: conv kW; ironmill", "C-29", "Q-18")
                            .effect(Effect.COMPILATION_FAILURE)
                            .ops(ShapeRules::kernelWidth, "conv", "conv_transpose"),
                    Rule.of("ANE-Q21", Group.SHAPES, "A pooling window is small enough")
                            .remedy("pool in two steps")
                            .source("ANEForge, quirk table: pool", "Q-21")
                            .effect(Effect.COMPILATION_FAILURE)
                            .ops(ShapeRules::window, POOLS.toArray(new String[0])),
                    Rule.of(
                                    "ANE-E16",
                                    Group.SHAPES,
                                    "A transpose that feeds a matmul has rank 4 at most")
                            .remedy("fold the batch axes into one before the transpose")
                            .source("ANEForge, MIL conventions", "E-16")
                            .effect(Effect.COMPILATION_FAILURE)
                            .ops(ShapeRules::transposedRank, "matmul"),
                    Rule.of("ANE-C38", Group.SHAPES, "Nothing is broadcast along the batch axis")
                            .applies(Applies.warning())
                            .effect(Effect.WRONG_DATA)
                            .remedy("tile the operand outside, or give both the same batch")
                            .source("field guide, M3 Max: mul in larger programs", "C-38")
                            .ops(ShapeRules::batchBroadcast, "mul"),
                    Rule.of("ANE-C39", Group.SHAPES, "No mean is taken over many channels")
                            .applies(Applies.warning().on(Family.A16).elsewhere(Severity.NOTE))
                            .effect(Effect.COMPILATION_FAILURE)
                            .remedy("use reduce_sum and a multiplication by 1/C")
                            .source("M5 Max notes: axes=[1], C=512, S=32; fine at C=32", "C-39")
                            .ops(ShapeRules::channelMean, "reduce_mean"),
                    Rule.of(
                                    "ANE-C46",
                                    Group.SHAPES,
                                    "A softmax over channels has a power of two of them")
                            .applies(Applies.note().strict(Severity.WARNING))
                            .remedy("put the axis last, or pad with -1e4 to a power of two")
                            .source("one Swift project; maderix/ANE runs 32000 channels", "C-46")
                            .ops(ShapeRules::channelSoftmax, "softmax"),
                    Rule.of(
                                    "ANE-Q22",
                                    Group.SHAPES,
                                    "No row of 100,000 elements goes into a concat")
                            .effect(Effect.COMPILER_CRASH)
                            .remedy("keep two-dimensional shapes and stack rows")
                            .source(
                                    "ANEForge, quirk table: reshape to a wide row, then concat",
                                    "Q-22")
                            .ops(ShapeRules::wideRow, "concat"),
                    Rule.of(
                                    "ANE-Q20",
                                    Group.SHAPES,
                                    "A convolution written as im2col has a small batch")
                            .applies(Applies.warning().on(Family.A13))
                            .effect(Effect.COMPILER_CRASH)
                            .remedy("use batches of 128 at most")
                            .source("ANEForge, quirk table: conv im2col, M1", "Q-20")
                            .ops(ShapeRules::patchBatch, "concat"));

    private ShapeRules() {}

    private static void dims(ProgramView program, Target target, Report report) {
        for (var input : program.inputs()) {
            dim(input, target).ifPresent(f -> report.port("input", input, f));
        }
        for (var op : program.ops()) {
            for (var result : op.results()) {
                dim(result, target).ifPresent(f -> report.op(op, f));
            }
        }
    }

    private static Optional<Finding> dim(ValueView value, Target target) {
        boolean turned =
                value.madeBy(Set.of("transpose"))
                        || value.readers().stream().anyMatch(r -> r.op().equals("transpose"));
        for (int axis = 0; axis < value.rank(); axis++) {
            var limit = value.rank() == 4 && axis == 1 ? Limit.CHANNEL_DIM : Limit.SPATIAL_DIM;
            long cap = target.limit(turned ? Limit.TRANSPOSE_DIM : limit);
            if (value.dim(axis) > cap) {
                return Finding.of(
                        "dimension " + axis + " of " + value.type() + " is " + value.dim(axis),
                        "at most " + cap);
            }
        }
        return NONE;
    }

    private static Optional<Finding> innerLength(OpView op, Target target) {
        int inner = op.arg("x").map(x -> x.dim(op.isTrue("transpose_x") ? -2 : -1)).orElse(0);
        return above("inner length", inner, target.limit(Limit.SPATIAL_DIM));
    }

    private static void ranks(ProgramView program, Target target, Report report) {
        long cap = target.limit(Limit.RANK);
        for (var input : program.inputs()) {
            above("rank", input.rank(), cap).ifPresent(f -> report.port("input", input, f));
        }
        for (var op : program.ops()) {
            above("rank", op.out().rank(), cap).ifPresent(f -> report.op(op, f));
        }
    }

    private static Optional<Finding> channels(OpView op, Target target) {
        int in = op.arg("x").map(x -> x.dim(1)).orElse(0);
        return above("input channels", in, target.limit(Limit.CONV_IN_CHANNELS))
                .or(
                        () ->
                                above(
                                        "output channels",
                                        op.out().dim(1),
                                        target.limit(Limit.CONV_OUT_CHANNELS)));
    }

    private static Optional<Finding> kernelWidth(OpView op, Target target) {
        int width = op.arg("weight").filter(w -> w.rank() > 2).map(w -> w.dim(-1)).orElse(1);
        return above("kernel width", width, target.limit(Limit.KERNEL_WIDTH));
    }

    private static Optional<Finding> window(OpView op, Target target) {
        int side = op.ints("kernel_sizes").stream().mapToInt(i -> i).max().orElse(1);
        return above("window", side, target.limit(Limit.POOL_WINDOW));
    }

    private static Optional<Finding> transposedRank(OpView op, Target target) {
        return op.operands().stream()
                .filter(v -> v.madeBy(Set.of("transpose")) && v.rank() >= 5)
                .findFirst()
                .map(
                        v ->
                                new Finding(
                                        "'" + v.name() + "' is transposed, rank " + v.rank(),
                                        "rank 4"));
    }

    private static Optional<Finding> batchBroadcast(OpView op, Target target) {
        var x = op.arg("x");
        var y = op.arg("y");
        boolean images =
                x.isPresent() && y.isPresent() && x.get().rank() == 4 && y.get().rank() == 4;
        return images && x.get().dim(0) != y.get().dim(0)
                ? Finding.of(
                        "batches " + x.get().dim(0) + " and " + y.get().dim(0), "equal batches")
                : NONE;
    }

    private static Optional<Finding> channelMean(OpView op, Target target) {
        int rank = op.arg("x").map(ValueView::rank).orElse(0);
        int channels = op.arg("x").map(x -> x.dim(1)).orElse(1);
        boolean over = rank == 4 && (op.ints("axes").contains(1) || op.ints("axes").contains(-3));
        return over && channels >= 512
                ? Finding.of("a mean over " + channels + " channels", "fewer than 512")
                : NONE;
    }

    private static Optional<Finding> channelSoftmax(OpView op, Target target) {
        int axis = op.integer("axis").orElse(-1);
        int channels = op.out().dim(1);
        boolean over = op.out().rank() == 4 && (axis == 1 || axis == -3);
        return over && Integer.bitCount(channels) != 1
                ? Finding.of(channels + " channels", "a power of two")
                : NONE;
    }

    private static Optional<Finding> wideRow(OpView op, Target target) {
        return op.all("values").stream()
                .filter(v -> v.madeBy(Set.of("reshape")) && v.dim(-1) >= 100_000)
                .findFirst()
                .map(
                        v ->
                                new Finding(
                                        "'" + v.name() + "' has rows of " + v.dim(-1),
                                        "less than 100000"));
    }

    private static Optional<Finding> patchBatch(OpView op, Target target) {
        boolean patches =
                op.all("values").size() >= 4
                        && op.all("values").stream().allMatch(v -> v.madeBy(PatternRules.SLICES));
        return patches ? above("batch", op.out().dim(0), 128) : NONE;
    }
}
