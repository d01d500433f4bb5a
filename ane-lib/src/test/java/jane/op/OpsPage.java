package jane.op;

import jane.conform.OpSamples;
import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/** Writes docs/ops.md from the op table. */
final class OpsPage {
    private OpsPage() {}

    /**
     * The page.
     *
     * @param targets names of targets
     * @param status what is known of a MIL op on one of them
     */
    static String write(List<String> targets, BinaryOperator<String> status) throws IOException {
        var page = new StringBuilder(prose("ops_head.md"));
        var heads = List.of("Op", "Parameters", "Dtypes", "Gradient", "Again", "As", "Status");
        row(page, heads);
        row(page, heads.stream().map(h -> "---").toList());
        for (var op : Ops.all()) {
            var cells = new ArrayList<String>();
            cells.add("`" + op.name() + "`");
            cells.add(parameters(op));
            cells.add(dtypes(op));
            cells.add(gradient(op));
            cells.add(again(op));
            cells.add(definition(op));
            cells.add(op.spelling().isPresent() ? status(op, targets, status) : "by its parts");
            row(page, cells);
        }
        return page + "\n" + Ops.all().size() + " ops.\n" + prose("ops_tail.md");
    }

    /** Targets of which the same is known together. */
    private static String status(Op<?> op, List<String> targets, BinaryOperator<String> status) {
        var groups = new LinkedHashMap<String, List<String>>();
        for (var target : targets) {
            var known = status.apply(target, op.name());
            groups.computeIfAbsent(known, k -> new ArrayList<>()).add(target);
        }
        if (groups.size() == 1) {
            return groups.keySet().iterator().next();
        }
        var parts = new ArrayList<String>();
        groups.forEach((known, names) -> parts.add(String.join(" ", names) + " " + known));
        return String.join("; ", parts);
    }

    /** Text before and after the table, beside the samples' numbers. */
    private static String prose(String file) throws IOException {
        try (var in = OpsPage.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void row(StringBuilder page, List<String> cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String parameters(Op<?> op) {
        return op.spelling().map(OpsPage::parameters).orElse("no word in MIL");
    }

    private static String parameters(Spelling<?> spelling) {
        var params = new ArrayList<String>();
        for (var param : spelling.params()) {
            String text = param.name();
            if (param instanceof Spelling.Operand<?> operand) {
                text = operand.optional() ? "*" + text + "*?" : "*" + text + "*";
            } else if (param instanceof Spelling.Variadic<?>) {
                text = "*" + text + "...*";
            } else if (param instanceof Spelling.OptionalAttribute<?>) {
                text += "?";
            } else if (param instanceof Spelling.Attribute<?> a && a.fallback().isPresent()) {
                text += "=" + literal(a.fallback().get());
            }
            params.add(text);
        }
        return String.join(", ", params);
    }

    private static String literal(Literal literal) {
        if (literal instanceof Literal.Bool b) {
            return String.valueOf(b.value());
        }
        if (literal instanceof Literal.Int i) {
            return String.valueOf(i.value());
        }
        if (literal instanceof Literal.Str s) {
            return s.value();
        }
        if (literal instanceof Literal.Float f) {
            return number(f.value());
        }
        if (literal instanceof Literal.Scalar s) {
            return number(s.value());
        }
        return literal instanceof Literal.Ints i ? i.values().toString() : "none";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static List<OpSamples.Sample> samples(Op<?> op) {
        var random = new SplittableRandom(op.name().hashCode());
        var samples = new ArrayList<OpSamples.Sample>();
        for (int i = 0; i < 12; i++) {
            samples.add(OpSamples.sample(op, OpSamples.Mode.SMOOTH, random));
        }
        return samples;
    }

    /** What the main operand may be: the first that is fp32 in a smooth sample, else the first. */
    private static String dtypes(Op<?> op) {
        Set<DType> taken = new LinkedHashSet<>();
        for (var sample : samples(op)) {
            for (var dtype : DType.values()) {
                if (takes(sample.node(), dtype)) {
                    taken.add(dtype);
                }
            }
        }
        var all = List.of(DType.values());
        if (taken.size() == all.size()) {
            return "any";
        }
        if (taken.size() == all.size() - 1 && !taken.contains(DType.BOOL)) {
            return "numbers";
        }
        return all.stream()
                .filter(taken::contains)
                .map(DType::mil)
                .collect(Collectors.joining(" "));
    }

    private static <A> boolean takes(Node<A> node, DType dtype) {
        if (node.inputs().isEmpty()) {
            return node.out().dtype() == dtype || node.op() == Movement.FILL;
        }
        var types = node.inputs().stream().map(Value::type).toList();
        var main =
                types.stream()
                        .map(TensorType::dtype)
                        .filter(DType::isFloat)
                        .findFirst()
                        .orElse(types.get(0).dtype());
        var changed = types.stream().map(t -> t.dtype() == main ? t.as(dtype) : t).toList();
        try {
            node.op().infer(node.attrs(), changed);
            return true;
        } catch (JaneException e) {
            return false; // which is the answer
        }
    }

    private static String gradient(Op<?> op) {
        if (!op.differentiable()) {
            return "-";
        }
        boolean input = samples(op).stream().anyMatch(s -> !floats(s).isEmpty());
        return !input ? "none" : order(op, 1) ? "yes" : "0";
    }

    private static String again(Op<?> op) {
        if (!gradient(op).equals("yes")) {
            return gradient(op);
        }
        return order(op, 2) ? "yes" : "0";
    }

    /** Whether some sample's gradient of this order is more than filled zeros. */
    private static boolean order(Op<?> op, int order) {
        return samples(op).stream().anyMatch(s -> !gradients(s, order).isEmpty());
    }

    /** The gradients of a sample that depend on something. */
    private static List<Value> gradients(OpSamples.Sample sample, int order) {
        var xs = floats(sample);
        var ys =
                sample.node().outputs().stream().filter(v -> v.dtype().isFloat()).limit(1).toList();
        var all = new ArrayList<>(xs);
        for (int i = 0; i < order; i++) {
            var next = new ArrayList<Value>();
            for (var y : ys) {
                var dy = Leaf.input(y.type());
                all.add(dy);
                var wanted = i == 0 ? xs : List.copyOf(all);
                next.addAll(Gradients.of(y, dy, wanted));
            }
            ys = next.stream().filter(v -> !zero(v)).toList();
        }
        return ys;
    }

    private static boolean zero(Value v) {
        return v.node().op() == Movement.FILL || v.isConst();
    }

    private static List<Value> floats(OpSamples.Sample sample) {
        return sample.node().inputs().stream().filter(v -> v.dtype().isFloat()).toList();
    }

    private static String definition(Op<?> op) {
        String found = "";
        for (var sample : samples(op)) {
            var lowered = sample.node().lower();
            if (!lowered.equals(sample.node().outputs())) {
                var names = new LinkedHashSet<String>();
                for (var node : sample.graph(lowered).nodes()) {
                    if (node.op() != Leaf.CONST && !sample.node().equals(node)) {
                        names.add(node.op().name());
                    }
                }
                if (!names.isEmpty()) {
                    return String.join(", ", names);
                }
                found = "its operand"; // unless another sample needs more
            }
        }
        return found;
    }
}
