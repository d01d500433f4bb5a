package jane.conform;

import jane.compile.Packing;
import jane.engine.Buffer;
import jane.engine.CompileException;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Rewriter;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import jane.target.Effect;
import jane.target.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Holds one graph, in several programs that must mean the same, against the reference. */
final class Checker {
    private static final int MIRRORS = 3;
    private static final int MORE_MIRRORS = 60;

    private final Engine engine;
    private final Toolchain tools;
    private final Tally tally;

    Checker(Engine engine, Toolchain tools, Tally tally) {
        this.engine = engine;
        this.tools = tools;
        this.tally = tally;
    }

    /** As drawn, after the passes, with identities between, and the gradients. */
    Optional<Found> check(Sketch sketch) {
        Map<String, Expected> expected = Expected.of(sketch, unit(sketch), MIRRORS);
        expected.values().forEach(e -> tally.judged(e.judged(), e.slack().length));
        var found = program("as drawn", sketch, expected, Toolchain.spelled(sketch.graph()));
        if (found.isPresent()) {
            return found;
        }
        found =
                guarded(
                        "after passes",
                        sketch,
                        () ->
                                program(
                                        "after passes",
                                        sketch,
                                        expected,
                                        tools.passes().apply(sketch.graph())));
        if (found.isPresent()) {
            return found;
        }
        found =
                program(
                        "with identities",
                        sketch,
                        expected,
                        Toolchain.spelled(withIdentities(sketch.graph())));
        return found.isPresent() || !Derivatives.suits(sketch) ? found : gradients(sketch);
    }

    private interface Step {
        Optional<Found> run();
    }

    /** An error outside of the engine is a finding as well. */
    private static Optional<Found> guarded(String variant, Sketch sketch, Step step) {
        try {
            return step.run();
        } catch (RuntimeException e) {
            var program = MilPrinter.print(Toolchain.spelled(sketch.graph()));
            var reproducer = Reproducer.of(program, sketch.feeds(), Map.of());
            return Optional.of(new Found(Failure.Kind.THREW, variant, e.toString(), reproducer));
        }
    }

    private static Graph withIdentities(Graph graph) {
        int[] count = {0};
        return Rewriter.rewrite(
                graph,
                node -> {
                    if (node.out().isConst() || count[0]++ % 2 == 1) {
                        return node.outputs();
                    }
                    return node.outputs().stream()
                            .map(Elementwise::identity)
                            .map(Elementwise::identity)
                            .toList();
                });
    }

    private Optional<Found> gradients(Sketch sketch) {
        return guarded(
                "gradients",
                sketch,
                () -> {
                    var gradients = Derivatives.of(sketch);
                    if (gradients.isEmpty()) {
                        return Optional.empty();
                    }
                    var lowered = tools.passes().apply(gradients.get().graph());
                    var wrong = Derivatives.wrong(sketch, gradients.get());
                    if (wrong.isPresent()) {
                        var program = tools.print().apply(lowered);
                        return Optional.of(
                                new Found(
                                        Failure.Kind.GRADIENT,
                                        "gradients",
                                        wrong.get(),
                                        Reproducer.of(program, sketch.feeds(), Map.of())));
                    }
                    return program(
                            "gradients",
                            gradients.get(),
                            Expected.of(gradients.get(), unit(sketch), MIRRORS),
                            lowered);
                });
    }

    /** The relative size of errors that the engine may make in each op. */
    private double unit(Sketch sketch) {
        if (engine.target().isPresent()) {
            return 0x1p-9;
        }
        return sketch.style().floats() == DType.FP16 ? 0x1p-20 : 0x1p-22;
    }

    private Optional<Found> program(
            String variant, Sketch sketch, Map<String, Expected> first, Graph graph) {
        return guarded(
                variant,
                sketch,
                () -> {
                    var form = form(graph);
                    if (form.isEmpty()) {
                        return Optional.empty();
                    }
                    var program = tools.print().apply(form.get().graph());
                    var feeds = form.get().feeds(sketch.feeds());
                    var kind = new Failure.Kind[1];
                    var expected = form.get().expected(first);
                    var message = roundTrip(program);
                    kind[0] = Failure.Kind.TEXT;
                    if (message.isEmpty()) {
                        message = run(program, feeds, expected, kind);
                    }
                    if (message.isPresent()
                            && kind[0] == Failure.Kind.WRONG_RESULT
                            && !sketch.style().whole()) {
                        var more = Expected.of(sketch, unit(sketch), MORE_MIRRORS);
                        expected = form.get().expected(more);
                        message = run(program, feeds, expected, kind);
                    }
                    var reproducer = Reproducer.of(program, feeds, expected);
                    return message.map(m -> new Found(kind[0], variant, m, reproducer));
                });
    }

    /**
     * The graph as the engine takes it. Nothing, but a note in the tally, if its route has no place
     * for a value and no rule that refuses it.
     */
    private Optional<Form> form(Graph graph) {
        if (engine.target().isEmpty()) {
            return Optional.of(Form.plain(graph));
        }
        var target = engine.target().get();
        var misfits = Packing.misfits(graph, target);
        if (misfits.isEmpty()) {
            return Optional.of(Form.packed(graph, target));
        }
        boolean refused = target.check(graph).stream().anyMatch(v -> v.isError() && isRefused(v));
        if (refused) {
            return Optional.of(Form.plain(graph));
        }
        tally.unpacked(misfits.get(0));
        return Optional.empty();
    }

    private Optional<String> roundTrip(Program program) {
        Graph read;
        try {
            read = tools.parse().apply(program);
        } catch (JaneException e) {
            return Optional.of("the printed text is refused: " + e.getMessage());
        }
        var again = tools.print().apply(read);
        return again.text().equals(program.text()) && again.files().equals(program.files())
                ? Optional.empty()
                : Optional.of("the text reads back as another: " + difference(program, again));
    }

    private static String difference(Program a, Program b) {
        var one = a.text().lines().toList();
        var two = b.text().lines().toList();
        for (int i = 0; i < Math.min(one.size(), two.size()); i++) {
            if (!one.get(i).equals(two.get(i))) {
                return "'" + one.get(i).strip() + "' becomes '" + two.get(i).strip() + "'";
            }
        }
        return "lines or weights are missing";
    }

    /** Compiles and runs; what is wrong, with its kind. */
    Optional<String> run(
            Program program,
            Map<String, Dense> feeds,
            Map<String, Expected> expected,
            Failure.Kind[] kind) {
        var broken = broken(program);
        Executable compiled;
        try {
            compiled = engine.compile(program);
        } catch (CompileException e) {
            kind[0] = Failure.Kind.RULES;
            return refused(e, broken);
        } catch (RuntimeException e) {
            kind[0] = Failure.Kind.THREW;
            return Optional.of("compile: " + e);
        }
        try (compiled) {
            if (!broken.isEmpty()) {
                kind[0] = Failure.Kind.RULES;
                return taken(broken);
            }
            var outputs = outputs(compiled, feeds);
            kind[0] = Failure.Kind.WRONG_RESULT;
            tally.ran();
            for (var e : expected.entrySet()) {
                var wrong = e.getValue().wrong(e.getKey(), outputs.get(e.getKey()));
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            kind[0] = Failure.Kind.THREW;
            return Optional.of("run: " + e);
        }
    }

    /**
     * Some rules show when a program runs, and not by it alone: it may be taken, and is not run.
     */
    private Optional<String> taken(List<Violation> broken) {
        var first = broken.stream().filter(Checker::isRefused).findFirst();
        if (first.isEmpty()) {
            tally.refused(ids(broken));
        }
        return first.map(v -> "taken, but breaks " + v);
    }

    private static boolean isRefused(Violation v) {
        return v.effect() != Effect.EVAL_FAILURE;
    }

    private List<Violation> broken(Program program) {
        return engine.target()
                .map(t -> t.check(program).stream().filter(Violation::isError).toList())
                .orElse(List.of());
    }

    private Optional<String> refused(CompileException e, List<Violation> broken) {
        var rules = ids(e.violations());
        var allowed = ids(broken);
        if (!rules.isEmpty() && allowed.containsAll(rules)) {
            var reasons = ids(e.violations().stream().filter(Checker::isRefused).toList());
            tally.refused(reasons.isEmpty() ? rules : reasons);
            return Optional.empty();
        }
        return Optional.of("refused by " + rules + ", but it breaks " + allowed + ": " + e);
    }

    private static TreeSet<String> ids(List<Violation> violations) {
        return violations.stream()
                .map(Violation::rule)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, Dense> outputs(Executable compiled, Map<String, Dense> feeds) {
        var buffers = new LinkedHashMap<String, Buffer>();
        try {
            compiled.inputs()
                    .forEach(
                            (name, type) -> {
                                buffers.put(name, engine.allocate(type));
                                buffers.get(name).put(feeds.get(name));
                            });
            compiled.outputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
            var binding = compiled.bind(buffers);
            binding.run();
            binding.run(); // a plan must leave its inputs and its scratch fit for another run
            var outputs = new LinkedHashMap<String, Dense>();
            compiled.outputs().keySet().forEach(n -> outputs.put(n, buffers.get(n).dense()));
            return outputs;
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }
}
