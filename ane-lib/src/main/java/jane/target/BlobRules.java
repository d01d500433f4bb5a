package jane.target;

import static jane.target.Finding.NONE;
import static jane.target.Finding.above;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Constants: how many, how large, and the packed forms. */
final class BlobRules {
    private static final long GIB = 1L << 30;
    private static final long PRACTICAL_BYTES = 16L << 20;

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C18", Group.BLOBS, "A program has 16 BLOBFILE tensors at most")
                            .applies(
                                    Applies.error()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A16)
                                            .elsewhere(Severity.WARNING))
                            .remedy(
                                    "pass weights as inputs, pack several into one, or split the"
                                            + " program")
                            .source(
                                    "Orion community, M4 Max and M4: 17 fail; M5 Max notes: 24"
                                            + " fail",
                                    "C-18")
                            .check(
                                    Check.program(
                                            (p, t) ->
                                                    above(
                                                            "BLOBFILE tensors:",
                                                            p.blobs(),
                                                            t.limit(Limit.BLOBS)))),
                    Rule.of(
                                    "ANE-C19",
                                    Group.BLOBS,
                                    "With a scalar constant as operand, one BLOBFILE tensor less")
                            .applies(
                                    Applies.error()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A16)
                                            .elsewhere(Severity.WARNING))
                            .remedy(
                                    "write the scalar as a tensor in a blob, or fold it into a"
                                            + " weight")
                            .source("Orion community", "C-19")
                            .check(Check.program(BlobRules::scalars)),
                    Rule.of("ANE-C30", Group.BLOBS, "The weights of a program load")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .effect(Effect.LOAD_SIZE)
                            .remedy("split the program")
                            .source("oMLX: 0x20004 above about 4 GiB", "C-30")
                            .check(
                                    Check.program(
                                            (p, t) ->
                                                    above(
                                                            "bytes of constants:",
                                                            p.constantBytes(),
                                                            4 * GIB))),
                    Rule.of(
                                    "ANE-C30b",
                                    Group.BLOBS,
                                    "The weights of a program are small enough to be fast")
                            .applies(Applies.note().route(Route.IN_MEMORY).strict(Severity.WARNING))
                            .effect(Effect.SLOW)
                            .remedy("one program per layer")
                            .source("ironmill: 8 MB; maderix/ANE uses 16 MB and more", "C-30")
                            .check(
                                    Check.program(
                                            (p, t) ->
                                                    above(
                                                            "bytes of constants:",
                                                            p.constantBytes(),
                                                            PRACTICAL_BYTES))),
                    Rule.of("ANE-E12", Group.BLOBS, "A program has less than 2 GB of constants")
                            .applies(Applies.error().route(Route.E5RT))
                            .effect(Effect.LOAD_SIZE)
                            .remedy("chain several programs")
                            .source("ANEForge, features: chunking", "E-12")
                            .check(
                                    Check.program(
                                            (p, t) ->
                                                    above(
                                                            "bytes of constants:",
                                                            p.constantBytes(),
                                                            2_000_000_000L))),
                    Rule.of(
                                    "ANE-C36",
                                    Group.BLOBS,
                                    "constexpr_affine_dequantize is for macOS before 26")
                            .applies(Applies.error().route(Route.IN_MEMORY).fromOs(26))
                            .remedy("use constexpr_blockwise_shift_scale")
                            .source(
                                    "ANEDVD and one repository: InvalidMILProgram on 26.3.1;"
                                            + " maderix/ANE runs it on 15",
                                    "C-36")
                            .ops(
                                    (op, t) ->
                                            Finding.of(op.op(), "constexpr_blockwise_shift_scale"),
                                    "constexpr_affine_dequantize"),
                    Rule.of(
                                    "ANE-C37",
                                    Group.BLOBS,
                                    "Blockwise weights have one scale per output channel")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .remedy("use signed data, scale [O, 1, 1, 1], no offset")
                            .source("M5 Max notes; oMLX", "C-37")
                            .ops(BlobRules::blockwise, "constexpr_blockwise_shift_scale"),
                    Rule.of("ANE-C37b", Group.BLOBS, "Blockwise scales stand in a blob")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .remedy("write the scale to the weight file")
                            .source("M5 Max notes: inline scale refused", "C-37")
                            .ops(BlobRules::inlineScale, "constexpr_blockwise_shift_scale"),
                    Rule.of("ANE-C37c", Group.BLOBS, "M3 gets no 4-bit blockwise weights")
                            .applies(
                                    Applies.error()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A15)
                                            .elsewhere(Severity.NOTE))
                            .remedy("use int8")
                            .source("ironmill, M3 Pro: int4 refused", "C-37")
                            .ops(BlobRules::fourBit, "constexpr_blockwise_shift_scale"));

    private BlobRules() {}

    private static Optional<Finding> scalars(ProgramView program, Target target) {
        long cap = target.limit(Limit.BLOBS);
        boolean scalar =
                program.ops().stream()
                        .filter(op -> Set.of("add", "mul", "pow").contains(op.op()))
                        .flatMap(op -> op.operands().stream())
                        .anyMatch(v -> v.isConst() && v.rank() == 0);
        return scalar && program.blobs() == cap
                ? Finding.of(cap + " BLOBFILE tensors and a scalar operand", "at most " + (cap - 1))
                : NONE;
    }

    private static Optional<Finding> blockwise(OpView op, Target target) {
        var data = op.arg("data");
        var scale = op.arg("scale");
        if (op.has("offset")) {
            return Finding.of("an offset", "none");
        }
        if (data.filter(d -> d.dtype().startsWith("uint")).isPresent()) {
            return Finding.of("data of " + data.get().dtype(), "int8 or int4");
        }
        boolean perChannel =
                scale.isEmpty()
                        || data.isEmpty()
                        || scale.get().dim(0) == data.get().dim(0)
                                && scale.get().elements() == scale.get().dim(0);
        return perChannel
                ? NONE
                : Finding.of(
                        "scale " + scale.get().dims() + " for data " + data.get().dims(),
                        "one scale for each of axis 0");
    }

    private static Optional<Finding> inlineScale(OpView op, Target target) {
        return op.arg("scale")
                .filter(s -> s.isConst() && !s.isBlob())
                .map(s -> new Finding("scale '" + s.name() + "' in the text", "a blob"));
    }

    private static Optional<Finding> fourBit(OpView op, Target target) {
        return op.arg("data")
                .filter(d -> ValueView.bitsOf(d.dtype()) < 8)
                .map(d -> new Finding("data of " + d.dtype(), "int8"));
    }
}
