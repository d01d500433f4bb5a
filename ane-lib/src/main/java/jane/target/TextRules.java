package jane.target;

import jane.ir.Spelling;
import jane.op.Ops;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the text is spelled. A program that Jane prints breaks none of these. */
final class TextRules {
    /** What some reports call unavailable ops lacked. */
    private static final Map<String, String> NEEDED =
            Map.of("gelu", "mode", "log", "epsilon", "rsqrt", "epsilon", "inverse", "epsilon");

    static final List<Rule> ALL =
            List.of(
                    Rule.of("ANE-C01", Group.TEXT, "Every parameter with a default is written")
                            .applies(Applies.warning().strict(Severity.ERROR))
                            .remedy("write it with its default; `jane mil fmt` does")
                            .source("ironmill, libane, ANEForge", "C-01")
                            .check(TextRules::defaults),
                    Rule.of("ANE-C02", Group.TEXT, "concat names its axis and interleave")
                            .remedy(
                                    "write interleave = a named const false, and the axis as a"
                                            + " named const")
                            .source(
                                    "Orion (refused without), maderix/ANE, ANEForge (run with)",
                                    "C-02",
                                    "E-21")
                            .check(TextRules::concat),
                    Rule.of(
                                    "ANE-C03",
                                    Group.TEXT,
                                    "gelu names its mode; log, rsqrt and inverse their epsilon")
                            .remedy("write the parameter")
                            .source(
                                    "Orion, M5 Max notes (refused without), ironmill, libane (run"
                                            + " with)",
                                    "C-03")
                            .check(TextRules::needed),
                    Rule.of("ANE-C14", Group.TEXT, "bool and int32 arguments are named constants")
                            .applies(Applies.warning().strict(Severity.ERROR))
                            .remedy("declare a const and pass its name")
                            .source("Orion, ironmill; some scalars pass elsewhere", "C-14")
                            .check(TextRules::inline),
                    Rule.of("ANE-C15", Group.TEXT, "A convolution's bias has rank 1")
                            .applies(Applies.warning())
                            .remedy("write [Co], or an add of [1, Co, 1, 1]")
                            .source("Orion paper; others compile rank 1", "C-15", "E-22")
                            .ops(TextRules::bias, "conv", "conv_transpose"),
                    Rule.of("ANE-C16", Group.TEXT, "Every result is used")
                            .remedy("remove the op, or return its result")
                            .source("Orion paper", "C-16")
                            .check(TextRules::unused));

    private TextRules() {}

    private static void defaults(ProgramView program, Target target, Report report) {
        if (!program.fromText()) {
            return;
        }
        for (var op : program.ops()) {
            var missing =
                    Ops.byMil(op.op())
                            .flatMap(known -> known.spelling())
                            .map(s -> missing(op, s))
                            .orElse(List.of());
            if (!missing.isEmpty()) {
                report.op(op, new Finding("without " + String.join(", ", missing), "all written"));
            }
        }
    }

    private static List<String> missing(OpView op, Spelling<?> spelling) {
        return spelling.params().stream()
                .filter(p -> p instanceof Spelling.Attribute<?> a && a.fallback().isPresent())
                .map(Spelling.Param::name)
                .filter(name -> !op.has(name))
                .toList();
    }

    private static void concat(ProgramView program, Target target, Report report) {
        for (var op : program.ops()) {
            if (op.op().equals("concat") && program.fromText()) {
                boolean inline = op.arg("axis").filter(ValueView::isInline).isPresent();
                if (!op.has("interleave") || inline) {
                    String found = inline ? "an inline axis" : "no interleave";
                    report.op(op, new Finding(found, "both as named constants"));
                }
            }
        }
    }

    private static void needed(ProgramView program, Target target, Report report) {
        for (var op : program.ops()) {
            String param = NEEDED.getOrDefault(op.op(), "");
            if (program.fromText() && !param.isEmpty() && !op.has(param)) {
                report.op(op, new Finding("no " + param, param + " written"));
            }
        }
    }

    private static void inline(ProgramView program, Target target, Report report) {
        for (var op : program.ops()) {
            for (var arg : op.args().entrySet()) {
                for (var value : arg.getValue()) {
                    boolean plain = Set.of("bool", "int32").contains(value.dtype());
                    if (value.isInline() && plain) {
                        String found = "inline " + arg.getKey() + " of type " + value.type();
                        report.op(op, new Finding(found, "a named const"));
                    }
                }
            }
        }
    }

    private static Optional<Finding> bias(OpView op, Target target) {
        return op.arg("bias")
                .filter(b -> b.rank() != 1)
                .map(b -> new Finding("a bias of " + b.dims(), "rank 1"));
    }

    private static void unused(ProgramView program, Target target, Report report) {
        for (var op : program.ops()) {
            for (var result : op.results()) {
                boolean alone = result.readers().isEmpty() && !result.isOutput();
                // Of several results one may be left: topk gives indices too.
                boolean all = op.results().stream().allMatch(r -> r.readers().isEmpty());
                if (alone && all && op.results().stream().noneMatch(ValueView::isOutput)) {
                    report.op(op, new Finding("nothing reads '" + result.name() + "'", "a reader"));
                    break;
                }
            }
        }
    }
}
