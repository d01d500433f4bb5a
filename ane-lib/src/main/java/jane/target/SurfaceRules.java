package jane.target;

import static jane.target.Finding.NONE;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What the in-memory route's IOSurfaces ask of inputs and outputs, and what e5rt's ports do. */
final class SurfaceRules {
    private static final int ROW_BYTES = 64;
    private static final int FLOOR_BYTES = 16384;

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C04", Group.SURFACES, "All outputs have surfaces of one size")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .effect(Effect.EVAL_FAILURE)
                            .remedy("concat the outputs into one, or pad them to the largest")
                            .source("Orion; maderix/ANE", "C-04")
                            .check(Check.program((p, t) -> sizes(p.outputs()))),
                    Rule.of(
                                    "ANE-C05",
                                    Group.SURFACES,
                                    "Outputs are returned in the order of their symbols")
                            .applies(Applies.warning().route(Route.IN_MEMORY))
                            .effect(Effect.WRONG_DATA)
                            .remedy("name them so that sorting keeps their order: z_out0, z_out1")
                            .source("Orion; M5 Max notes: symbols sort by name@output", "C-05")
                            .check(Check.program((p, t) -> order(p.outputs(), "@output"))),
                    Rule.of("ANE-C06", Group.SURFACES, "All inputs have surfaces of one size")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .effect(Effect.EVAL_FAILURE)
                            .remedy("pack the inputs into one, or pad them to the largest")
                            .source("Orion", "C-06")
                            .check(Check.program((p, t) -> sizes(p.inputs()))),
                    Rule.of("ANE-C06b", Group.SURFACES, "Inputs are declared in alphabetical order")
                            .applies(Applies.warning().route(Route.IN_MEMORY))
                            .effect(Effect.WRONG_DATA)
                            .remedy("name them so that sorting keeps their order: a_in0, a_in1")
                            .source("Orion: all six orders of three tested", "C-06")
                            .check(Check.program((p, t) -> order(p.inputs(), ""))),
                    Rule.of("ANE-C06c", Group.SURFACES, "There is one input")
                            .applies(Applies.note().route(Route.IN_MEMORY).strict(Severity.WARNING))
                            .effect(Effect.EVAL_FAILURE)
                            .remedy("pack the inputs into one along the width")
                            .source("maderix/ANE README; others pass several", "C-06")
                            .check(Check.program(SurfaceRules::count)),
                    Rule.of("ANE-C07", Group.SURFACES, "A surface holds 16 KiB or more")
                            .applies(Applies.note().route(Route.IN_MEMORY).strict(Severity.WARNING))
                            .effect(Effect.EVAL_FAILURE)
                            .remedy("pad the tensor, or give it a larger surface")
                            .source(
                                    "Orion (49152 bytes), ironmill (16384); row padding explains"
                                            + " most",
                                    "C-07")
                            .check(Check.ports(SurfaceRules::floor)),
                    Rule.of("ANE-C08", Group.SURFACES, "Rows are multiples of 64 bytes")
                            .applies(
                                    Applies.warning().route(Route.IN_MEMORY).strict(Severity.ERROR))
                            .effect(Effect.WRONG_DATA)
                            .remedy(
                                    "make the width a multiple of 32 in fp16, or copy by the"
                                            + " strides that the loaded program reports")
                            .source("field guide, M5 Max notes, ironmill (RowStride 64)", "C-08")
                            .check(Check.ports(SurfaceRules::rows)),
                    Rule.of("ANE-C08b", Group.SURFACES, "A surface has four dimensions at most")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .remedy("reshape to [1, C, 1, S] outside")
                            .source("R, checklist: rank <= 4 on boundaries", "C-08")
                            .check(Check.ports((v, t) -> Finding.above("rank", v.rank(), 4))),
                    Rule.of("ANE-E08", Group.SURFACES, "No output is an input")
                            .applies(Applies.error().route(Route.E5RT))
                            .effect(Effect.COMPILER_CRASH)
                            .remedy("put a multiplication by 1 between them")
                            .source("ANEForge, limits: unordered_map::at: key not found", "E-08")
                            .check(Check.outputs(SurfaceRules::passedThrough)));

    private SurfaceRules() {}

    /** Bytes of a surface: each innermost row padded to 64. */
    static long surfaceBytes(ValueView v) {
        long row = (long) v.dim(-1) * ValueView.bitsOf(v.dtype()) / 8;
        long rows = v.dim(-1) == 0 ? 0 : v.elements() / v.dim(-1);
        return rows * ((row + ROW_BYTES - 1) / ROW_BYTES * ROW_BYTES);
    }

    private static Optional<Finding> sizes(List<ValueView> ports) {
        var sizes = new ArrayList<String>();
        var different = new HashSet<Long>();
        for (var port : ports) {
            sizes.add(port.name() + " " + surfaceBytes(port));
            different.add(surfaceBytes(port));
        }
        return different.size() > 1 ? Finding.of("bytes " + sizes, "one size") : NONE;
    }

    private static Optional<Finding> order(List<ValueView> ports, String suffix) {
        var names = ports.stream().map(v -> v.name() + suffix).toList();
        var sorted = names.stream().sorted().toList();
        return names.equals(sorted) ? NONE : Finding.of("order " + names, sorted.toString());
    }

    private static Optional<Finding> count(ProgramView program, Target target) {
        return Finding.above("inputs", program.inputs().size(), 1);
    }

    private static Optional<Finding> floor(ValueView v, Target target) {
        long bytes = surfaceBytes(v);
        return bytes < FLOOR_BYTES
                ? Finding.of("a surface of " + bytes + " bytes", FLOOR_BYTES + " or more")
                : NONE;
    }

    private static Optional<Finding> rows(ValueView v, Target target) {
        long row = (long) v.dim(-1) * ValueView.bitsOf(v.dtype()) / 8;
        return row % ROW_BYTES == 0
                ? NONE
                : Finding.of("rows of " + row + " bytes", "a multiple of " + ROW_BYTES);
    }

    private static Optional<Finding> passedThrough(ValueView v, Target target) {
        return v.isComputed() ? NONE : Finding.of("'" + v.name() + "' is not computed", "a result");
    }
}
