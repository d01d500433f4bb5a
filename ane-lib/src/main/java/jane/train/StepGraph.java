package jane.train;

import jane.data.Batch;
import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.nn.Layer;
import jane.nn.Loss;
import jane.nn.Scope;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A step's forward and backward part as one graph, without the update: inputs {@code x}, {@code
 * target}, {@code weight} and the parameters, outputs {@code loss} and {@code d_PARAMETER}.
 */
public final class StepGraph {
    private final Graph graph;
    private final Set<Value> forward = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> parameters;

    private StepGraph(Graph forwardOnly, Graph graph, Set<String> parameters) {
        this.graph = graph;
        this.parameters = Set.copyOf(parameters);
        graph.inputs().forEach(port -> forward.add(port.value()));
        forwardOnly.nodes().forEach(node -> forward.addAll(node.outputs()));
    }

    /** The graph for batches like {@code batch}; nothing is computed. */
    public static StepGraph of(Layer model, Loss loss, Batch batch) {
        return of(model, loss, batch, made -> made);
    }

    /**
     * The same.
     *
     * @param computed what the model makes, as it is to be computed, such as {@link
     *     jane.tensor.MixedPrecision#asTarget}
     */
    public static StepGraph of(
            Layer model, Loss loss, Batch batch, UnaryOperator<List<Tensor>> computed) {
        var inputs = new ArrayList<Graph.Port>();
        var x = placeholder("x", new TensorType(DType.FP32, batch.featureShape()), inputs);
        var target = placeholder("target", new TensorType(DType.FP32, batch.oneHotShape()), inputs);
        var weight = placeholder("weight", new TensorType(DType.FP32, batch.weightShape()), inputs);
        var held = new ArrayList<Tensor>();
        var trained = new ArrayList<Graph.Port>();
        var names = new HashSet<String>();
        model.parameters()
                .forEach(
                        (path, p) -> {
                            var version = p.operand();
                            held.add(version);
                            var name = unique(path.replace('.', '_'), inputs);
                            inputs.add(new Graph.Port(name, version.value()));
                            names.add(name);
                            if (p.trainable()) {
                                trained.add(inputs.get(inputs.size() - 1));
                            }
                        });
        var scope =
                Scope.looking(
                        Optional.of(weight),
                        (name, type) ->
                                placeholder(unique(name.replace('.', '_'), inputs), type, inputs));
        var y = computed.apply(List.of(model.build(x, scope))).get(0);
        var value = loss.mean(y, target, weight).value();
        var outputs = new ArrayList<>(List.of(new Graph.Port("loss", value)));
        var forwardOnly = Graph.of(inputs, outputs);
        var gradients = Gradients.of(value, trained.stream().map(Graph.Port::value).toList());
        for (int i = 0; i < gradients.size(); i++) {
            outputs.add(new Graph.Port("d_" + trained.get(i).name(), gradients.get(i)));
        }
        held.clear();
        return new StepGraph(forwardOnly, Graph.of(inputs, outputs), names);
    }

    private static String unique(String name, List<Graph.Port> taken) {
        var names = taken.stream().map(Graph.Port::name).toList();
        var unique = name;
        for (int i = 2; names.contains(unique); i++) {
            unique = name + "_" + i;
        }
        return unique;
    }

    private static Tensor placeholder(String name, TensorType type, List<Graph.Port> inputs) {
        var placeholder = Tensor.placeholder(type);
        inputs.add(new Graph.Port(name, placeholder.value()));
        return placeholder;
    }

    /** Inputs, computation, outputs. */
    public Graph graph() {
        return graph;
    }

    /** Whether a value is an input or needed for the loss itself. */
    public boolean isForward(Value value) {
        return forward.contains(value);
    }

    /** Names of the inputs that are parameters. */
    public Set<String> parameters() {
        return parameters;
    }
}
