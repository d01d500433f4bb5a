package jane.target;

import static jane.target.Finding.NONE;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Element types at the boundary and inside. */
final class DTypeRules {
    private static final Set<String> E5RT_PORTS =
            Set.of("fp16", "uint8", "int8", "int16", "uint16");
    private static final Set<String> SMALL_INTS = Set.of("uint8", "int8", "int16", "uint16");
    private static final Set<String> ARITHMETIC =
            Set.of("add", "sub", "mul", "real_div", "floor_div", "maximum", "minimum", "pow");

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C34", Group.DTYPES, "Inputs and outputs are not fp32")
                            .applies(Applies.error().route(Route.E5RT))
                            .remedy("pass fp16 and cast on the CPU")
                            .source(
                                    "ANEForge, MIL conventions; maderix/ANE and ironmill take it in"
                                            + " memory",
                                    "C-34",
                                    "E-13")
                            .check(Check.ports((v, t) -> isOf(v, Set.of("fp32"), "fp16"))),
                    Rule.of(
                                    "ANE-C34b",
                                    Group.DTYPES,
                                    "Inputs and outputs are not fp32 on M1 and M2")
                            .applies(
                                    Applies.warning()
                                            .route(Route.IN_MEMORY)
                                            .on(Family.A13, Family.A14))
                            .remedy(
                                    "pass fp16: casts beside a convolution fail there, and fp16 is"
                                            + " 37 % faster")
                            .source("maderix/ANE PR 6", "C-34")
                            .check(Check.ports((v, t) -> isOf(v, Set.of("fp32"), "fp16"))),
                    Rule.of(
                                    "ANE-C35",
                                    Group.DTYPES,
                                    "Inputs and outputs have a type that crosses the boundary")
                            .remedy(
                                    "pass one-hot fp16 for labels and indices; keep lookups on the"
                                            + " CPU")
                            .source("ironmill; ANEForge, MIL conventions", "C-35", "E-13", "E-14")
                            .check(Check.ports(DTypeRules::crosses)),
                    Rule.of("ANE-C35b", Group.DTYPES, "Inputs and outputs are not bool")
                            .applies(Applies.error().route(Route.E5RT))
                            .remedy("cast to fp16 before the output and compare after the input")
                            .source("ANEForge, MIL conventions: bool only inside", "C-35", "E-13")
                            .check(Check.ports((v, t) -> isOf(v, Set.of("bool"), "fp16"))),
                    Rule.of(
                                    "ANE-C35c",
                                    Group.DTYPES,
                                    "In memory, outputs are not 8- or 16-bit integers")
                            .applies(Applies.error().route(Route.IN_MEMORY))
                            .remedy("dequantize before the output")
                            .source("ironmill: int8 outputs refused", "C-35")
                            .check(Check.outputs((v, t) -> isOf(v, SMALL_INTS, "fp16 or fp32"))),
                    Rule.of(
                                    "ANE-C35d",
                                    Group.DTYPES,
                                    "In memory, inputs are not 8- or 16-bit integers")
                            .applies(Applies.warning().route(Route.IN_MEMORY))
                            .remedy("pass fp16 and quantize inside")
                            .source("ironmill: its documents disagree on int8 inputs", "C-35")
                            .check(Check.inputs((v, t) -> isOf(v, SMALL_INTS, "fp16 or fp32"))),
                    Rule.of("ANE-E14", Group.DTYPES, "No result is a 32-bit integer or bf16")
                            .applies(Applies.warning().strict(Severity.ERROR))
                            .remedy("compute in fp16; keep indices on the CPU")
                            .source("ANEForge, MIL conventions: no int32 or bf16 tensors", "E-14")
                            .ops(
                                    (op, t) ->
                                            isOf(
                                                    op.out(),
                                                    Set.of(
                                                            "int32", "uint32", "int64", "uint64",
                                                            "bf16"),
                                                    "fp16")),
                    Rule.of("ANE-E15", Group.DTYPES, "No result is fp32")
                            .applies(Applies.warning().route(Route.E5RT).strict(Severity.ERROR))
                            .remedy(
                                    "compute in fp16: fp32 between casts is reported to work and"
                                            + " not to work")
                            .source("ANEForge, MIL conventions: its pages disagree", "E-15")
                            .ops((op, t) -> isOf(op.out(), Set.of("fp32"), "fp16")),
                    Rule.of("ANE-E25", Group.DTYPES, "Integers are not computed with")
                            .remedy("cast or dequantize to fp16 first")
                            .source("ironmill: integer add and mul refused", "E-25")
                            .ops(DTypeRules::integers, ARITHMETIC.toArray(new String[0])),
                    Rule.of("ANE-Q34", Group.DTYPES, "Nothing is cast to int32")
                            .applies(Applies.error().on(Family.A13).elsewhere(Severity.WARNING))
                            .remedy("stay in fp16")
                            .source(
                                    "ANEForge, quirk table: cast to int32, M1; ironmill, M3 Pro",
                                    "Q-34")
                            .ops(DTypeRules::castToInt, "cast"));

    private DTypeRules() {}

    private static Optional<Finding> isOf(ValueView value, Set<String> types, String need) {
        return types.contains(value.dtype()) ? Finding.of(value.type(), need) : NONE;
    }

    private static Optional<Finding> crosses(ValueView value, Target target) {
        boolean known = E5RT_PORTS.contains(value.dtype());
        boolean other = value.dtype().equals("fp32") || value.dtype().equals("bool");
        return known || other
                ? NONE
                : Finding.of(value.type(), "fp16 or an int type of 8 or 16 bits");
    }

    private static Optional<Finding> integers(OpView op, Target target) {
        return op.arg("x")
                .filter(x -> !x.isFloat())
                .map(x -> new Finding("operands of " + x.dtype(), "fp16"));
    }

    private static Optional<Finding> castToInt(OpView op, Target target) {
        return op.string("dtype").filter(d -> d.equals("int32")).isPresent()
                ? Finding.of("a cast to int32", "fp16")
                : NONE;
    }
}
