package jane.notebook.magics;

import jane.compile.Part;
import jane.compile.Placement;
import jane.ir.JaneException;
import jane.ir.Node;
import jane.notebook.chart.HtmlTable;
import jane.notebook.magic.Magic;
import jane.train.Trainer;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code %place trainer}: which op of a step runs where, and why. */
public final class PlaceMagic implements Magic {
    private final Subjects subjects;

    /** Looks values up in {@code subjects}. */
    public PlaceMagic(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "place";
    }

    @Override
    public String summary() {
        return "Shows which ops of a training step run on the engine's target, which on the"
                + " processor, and why.";
    }

    @Override
    public String usage() {
        return "[TRAINER]";
    }

    @Override
    public List<String> completions(String word) {
        return subjects.names(Trainer.class);
    }

    @Override
    public String details() {
        return "%jane use sim:m5:fast     an engine with a target; then make the model\n"
                + "%place trainer            its step: op, where it runs, by which rule\n"
                + "In Java: trainer.step().placement()";
    }

    @Override
    public Optional<Object> run(Call call) {
        var step = subjects.trainer(this, call.words()).step();
        step.build(subjects.trainer(this, call.words()).nextBatch());
        var placement =
                step.placement()
                        .orElseThrow(
                                () ->
                                        new JaneException(
                                                "%place",
                                                "this step was built for an engine that takes"
                                                        + " everything; choose one with a target,"
                                                        + " such as sim:m5:fast, and make model and"
                                                        + " trainer again"));
        return Optional.of(table(placement, step.fallbacks()));
    }

    private static double share(Placement placement, Map<Node<?>, String> refused) {
        double all = placement.graph().nodes().stream().mapToDouble(Node::flops).sum();
        double gone =
                refused.keySet().stream()
                        .filter(node -> placement.side(node) == Part.Side.DEVICE)
                        .mapToDouble(Node::flops)
                        .sum();
        return placement.share() - (all == 0 ? 0 : gone / all);
    }

    /** Ops that run in one place for one reason. */
    private record Row(String op, String side, String rule, String why) {}

    /**
     * Where and why.
     *
     * @param fallbacks parts that the engine did not take, from 1, and why
     */
    static HtmlTable table(Placement placement, Map<Integer, String> fallbacks) {
        Map<Node<?>, String> refused = new IdentityHashMap<>();
        fallbacks.forEach(
                (part, why) ->
                        placement
                                .parts()
                                .get(part - 1)
                                .graph()
                                .nodes()
                                .forEach(node -> refused.put(node, why)));
        var counts = new LinkedHashMap<Row, long[]>(); // nodes, floating-point operations
        for (var node : placement.graph().nodes()) {
            if (!node.out().isConst()) {
                var sums = counts.computeIfAbsent(row(placement, node, refused), r -> new long[2]);
                sums[0]++;
                sums[1] += node.flops();
            }
        }
        var table = HtmlTable.of("op", "nodes", "MFLOP", "runs on", "rule", "why");
        counts.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue()[1], a.getValue()[1]))
                .forEach(
                        e -> {
                            var row = e.getKey();
                            double mega = e.getValue()[1] / 1e6;
                            table.row(
                                    row.op(),
                                    e.getValue()[0],
                                    mega,
                                    row.side(),
                                    row.rule(),
                                    row.why());
                        });
        return table.caption(
                String.format(
                        "%.1f %% of the arithmetic on %s, in %d parts%s",
                        100 * share(placement, refused),
                        placement.target().name(),
                        placement.parts().size(),
                        packed(placement)));
    }

    private static String packed(Placement placement) {
        var surfaces = placement.surfaces();
        return surfaces.isEmpty() ? "" : "; packed into surfaces: " + String.join("; ", surfaces);
    }

    private static Row row(Placement placement, Node<?> node, Map<Node<?>, String> refused) {
        var op = node.op().name();
        if (refused.containsKey(node)) {
            return new Row(op, "processor", "", refused.get(node));
        }
        if (placement.side(node) == Part.Side.DEVICE) {
            return new Row(op, placement.target().name(), "", "");
        }
        var reason = placement.reasons().get(node);
        return new Row(op, "processor", reason.rule(), reason.why());
    }
}
