package jane.notebook.magics;

import jane.compile.Pass;
import jane.compile.Passes;
import jane.ir.Graph;
import jane.ir.Value;
import jane.nn.LayerGraph;
import jane.notebook.chart.GraphPicture;
import jane.tensor.TensorGraph;
import jane.train.StepGraph;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/** {@code %graph model SHAPE}: the graph as a picture. */
public final class GraphMagic extends SubjectMagic {
    private static final Pass SIMPLIFY =
            Passes.DEFAULT.stream()
                    .filter(pass -> pass.name().equals("simplify"))
                    .findFirst()
                    .orElseThrow();

    /** Looks values up in {@code subjects}. */
    public GraphMagic(Subjects subjects) {
        super(subjects);
    }

    @Override
    public String name() {
        return "graph";
    }

    @Override
    public String summary() {
        return "Draws the graph of a model, a tensor or a training step, forward and backward.";
    }

    @Override
    public String details() {
        return "%graph model 1x4        the forward graph\n"
                + "%graph loss             a scalar tensor: with its gradients, if something"
                + " wants them\n"
                + "%graph trainer          a training step, forward and backward\n"
                + "Gives the picture. In Java: GraphPicture.of(LayerGraph.of(model,"
                + " shape).graph())";
    }

    @Override
    public Optional<Object> run(Call call) {
        return Optional.of(
                subject(
                        call,
                        trainer -> {
                            var loss = trainer.step().loss();
                            var step = StepGraph.of(trainer.model(), loss, trainer.nextBatch());
                            return picture(step.graph(), step.parameters())
                                    .title(call.words().get(0) + ": forward and backward");
                        },
                        tensor -> {
                            String name = call.words().get(0);
                            var named = new VariableNames(subjects);
                            var made = named.applied(TensorGraph.of(tensor), name);
                            return picture(made.graph(), made.parameters()).title(name);
                        },
                        (model, shape) -> {
                            var made = LayerGraph.of(model, shape);
                            return picture(made.graph(), made.parameters())
                                    .title(call.words().get(0));
                        }));
    }

    /** Without products with 1 and the like; what the first output needs is the forward part. */
    private static GraphPicture picture(Graph graph, Set<String> parameters) {
        var shown = SIMPLIFY.apply(graph);
        Set<Value> forward = Collections.newSetFromMap(new IdentityHashMap<>());
        Graph.of(shown.inputs(), shown.outputs().subList(0, 1))
                .nodes()
                .forEach(node -> forward.addAll(node.outputs()));
        return GraphPicture.of(shown).forward(forward::contains).parameters(parameters);
    }
}
