package jane.notebook.magics;

import jane.compile.Pass;
import jane.compile.Passes;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Value;
import jane.nn.Layer;
import jane.nn.LayerGraph;
import jane.notebook.chart.GraphPicture;
import jane.notebook.magic.Magic;
import jane.tensor.Tensor;
import jane.tensor.TensorGraph;
import jane.train.StepGraph;
import jane.train.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code %graph model SHAPE}: the graph as a picture. */
public final class GraphMagic implements Magic {
    private static final Pass SIMPLIFY =
            Passes.DEFAULT.stream()
                    .filter(pass -> pass.name().equals("simplify"))
                    .findFirst()
                    .orElseThrow();

    private final Subjects subjects;

    /** Looks values up in {@code subjects}. */
    public GraphMagic(Subjects subjects) {
        this.subjects = subjects;
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
    public String usage() {
        return "MODEL SHAPE | TENSOR | TRAINER";
    }

    @Override
    public List<String> completions(String word) {
        return names(subjects);
    }

    static List<String> names(Subjects subjects) {
        var names = new ArrayList<String>();
        for (Class<?> kind : List.of(Layer.class, Trainer.class, Tensor.class)) {
            names.addAll(subjects.names(kind));
        }
        return names;
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
        if (call.words().isEmpty()) {
            throw new JaneException("%graph", "no model, tensor or trainer given; need one");
        }
        var text = call.words().get(0);
        var subject = subjects.value(this, text);
        if (subject instanceof Trainer trainer) {
            var step = StepGraph.of(trainer.model(), trainer.step().loss(), trainer.nextBatch());
            return Optional.of(
                    picture(step.graph(), step.parameters())
                            .title(text + ": forward and backward"));
        }
        if (subject instanceof Tensor tensor) {
            var made = new VariableNames(subjects).applied(TensorGraph.of(tensor), text);
            return Optional.of(picture(made.graph(), made.parameters()).title(text));
        }
        var model = subjects.as(this, text, Layer.class, "a model, a tensor or a trainer");
        var graph = LayerGraph.of(model, MilMagic.shape(this, call, model));
        return Optional.of(picture(graph.graph(), graph.parameters()).title(text));
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
