package jane.compile;

import jane.ir.Graph;
import jane.target.Route;
import jane.target.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The passes that every graph takes, in their order. After each the graph is checked again. Dead
 * nodes go by themselves: a graph holds what its outputs need and nothing else.
 */
public final class Passes {
    private record Named(String name, String reason, UnaryOperator<Graph> rewrite, boolean perPart)
            implements Pass {
        Named(String name, String reason, UnaryOperator<Graph> rewrite) {
            this(name, reason, rewrite, false);
        }

        @Override
        public Graph apply(Graph graph) {
            return rewrite.apply(graph);
        }
    }

    /**
     * What a pass did.
     *
     * @param pass the pass
     * @param before the graph that it was given
     * @param after what it made of it
     */
    public record Taken(Pass pass, Graph before, Graph after) {}

    /** The passes for an engine that takes any program. */
    public static final List<Pass> DEFAULT =
            List.of(
                    new Named(
                            "lower composites",
                            "first: MIL has no word for composites, and what they hide can be"
                                    + " folded and shared",
                            LowerComposites::apply),
                    new Named(
                            "fold constants",
                            "before simplify, which looks for constants such as 1",
                            FoldConstants::apply),
                    new Named(
                            "simplify",
                            "before sharing: what it takes away stood between equal nodes",
                            Simplify::apply),
                    new Named(
                            "share equal nodes",
                            "after simplify, which makes more nodes equal",
                            ShareEqual::apply),
                    new Named(
                            "separate outputs",
                            "last: an output that is an input or another output gets a copy, which"
                                    + " earlier passes could not see through",
                            SeparateOutputs::apply));

    private Passes() {}

    /**
     * The passes for programs of a target: its decompositions, then {@link #DEFAULT}, then what its
     * route asks of each part's program.
     */
    public static List<Pass> of(Target target) {
        var passes = new ArrayList<Pass>();
        passes.add(
                new Named(
                        "decompose for " + target.name(),
                        "before the others, which then clean up what the definitions bring along",
                        graph -> DecomposeFor.apply(graph, target)));
        passes.addAll(DEFAULT);
        if (packs(target)) {
            passes.add(
                    new Named(
                            "pack surfaces",
                            "last, part by part: only placement knows what crosses a border, and"
                                    + " simplify would take its reshapes away",
                            graph -> PackSurfaces.of(graph, target).graph(),
                            true));
        }
        return List.copyOf(passes);
    }

    /** Whether programs of a target are packed: the in-memory route has rules on surfaces. */
    static boolean packs(Target target) {
        return target.route() == Route.IN_MEMORY;
    }

    /** {@code graph} after all default passes. */
    public static Graph run(Graph graph) {
        return last(graph, trail(graph, DEFAULT));
    }

    /** {@code graph} after all passes for a target that take it whole. */
    public static Graph run(Graph graph, Target target) {
        return last(graph, trail(graph, whole(target)));
    }

    private static List<Pass> whole(Target target) {
        return of(target).stream().filter(pass -> !pass.perPart()).toList();
    }

    /** A part's graph as its program has it: after the passes for a target that take parts. */
    static Graph runPart(Graph part, Target target) {
        var separate = SeparateOutputs.apply(part);
        return last(separate, partTrail(separate, target, ""));
    }

    /**
     * What each pass makes of a graph.
     *
     * @param passes that take a graph whole
     * @throws jane.ir.JaneException if a pass leaves a graph that does not hold together
     */
    public static List<Taken> trail(Graph graph, List<Pass> passes) {
        var taken = new ArrayList<Taken>();
        for (var pass : passes) {
            var after = pass.apply(graph);
            GraphCheck.same(pass.name(), graph, after);
            taken.add(new Taken(pass, graph, after));
            graph = after;
        }
        return List.copyOf(taken);
    }

    /**
     * What each pass for a target makes of a graph, and of the parts that placement cuts it into:
     * one entry for each part that runs on the target, equal ones left out.
     *
     * @throws jane.ir.JaneException if a pass leaves a graph that does not hold together
     */
    public static List<Taken> trail(Graph graph, Target target) {
        var taken = new ArrayList<>(trail(graph, whole(target)));
        var seen = new HashSet<Graph.Structure>();
        int number = 0;
        for (var part : Placement.of(last(graph, taken), target).parts()) {
            number++;
            if (part.side() == Part.Side.DEVICE && seen.add(part.graph().structure())) {
                var separate = SeparateOutputs.apply(part.graph());
                taken.addAll(partTrail(separate, target, ", part " + number));
            }
        }
        return List.copyOf(taken);
    }

    private static List<Taken> partTrail(Graph graph, Target target, String suffix) {
        var taken = new ArrayList<Taken>();
        for (var pass : of(target)) {
            if (pass.perPart()) {
                var after = pass.apply(graph);
                GraphCheck.sound(pass.name(), after);
                var named = new Named(pass.name() + suffix, pass.reason(), pass::apply, true);
                taken.add(new Taken(named, graph, after));
                graph = after;
            }
        }
        return List.copyOf(taken);
    }

    private static Graph last(Graph graph, List<Taken> trail) {
        return trail.isEmpty() ? graph : trail.get(trail.size() - 1).after();
    }
}
