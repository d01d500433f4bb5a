package jane.nn;

import jane.compile.BakeWeights;
import jane.compile.HalfPrecision;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Capture;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a layer computes, as a graph: input {@code x}, the parameters by their paths with {@code _}
 * for dots, output {@code y}.
 *
 * @param graph from input and parameters to the output
 * @param parameters names of the graph's inputs that are parameters
 */
public record LayerGraph(Graph graph, Set<String> parameters) {
    /** Keeps the names. */
    public LayerGraph {
        parameters = Set.copyOf(parameters);
    }

    /** The graph of {@code model} for fp32 input of a shape; nothing is computed. */
    public static LayerGraph of(Layer model, Shape input) {
        var x = Tensor.placeholder(new TensorType(DType.FP32, input));
        var inputs = new ArrayList<Graph.Port>();
        inputs.add(new Graph.Port("x", x.value()));
        var taken = new HashSet<>(Set.of("x", "y"));
        var parameters = new HashSet<String>();
        var versions = new ArrayList<Tensor>(); // held: an unheld version would be made anew
        model.parameters()
                .forEach(
                        (path, p) -> {
                            var name = unique(path.replace('.', '_'), taken);
                            versions.add(p.operand());
                            inputs.add(new Graph.Port(name, p.operand().value()));
                            parameters.add(name);
                        });
        var scope =
                Scope.looking(
                        Optional.empty(),
                        (name, type) -> {
                            var placeholder = Tensor.placeholder(type);
                            var unique = unique(name.replace('.', '_'), taken);
                            inputs.add(new Graph.Port(unique, placeholder.value()));
                            return placeholder;
                        });
        var y = model.build(x, scope);
        for (var leaf : Capture.leaves(List.of(y))) {
            if (inputs.stream().noneMatch(port -> port.value() == leaf.value())) {
                var name = leaf.tensor().owner().map(Parameter::name).orElse("captured");
                inputs.add(new Graph.Port(unique(name, taken), leaf.value()));
            }
        }
        var used = Graph.of(inputs, List.of(new Graph.Port("y", y.value())));
        return new LayerGraph(used, parameters);
    }

    /**
     * As {@link #of}, with the present values of the parameters as constants: what inference wants.
     * Call {@code model.train(false)} first where dropout or batch normalisation is in it.
     */
    public static LayerGraph baked(Layer model, Shape input) {
        var graph = of(model, input).graph();
        var contents = new HashMap<String, ConstData>();
        int port = 1; // after x, the parameters in their order
        for (var parameter : model.parameters().values()) {
            var buffer = parameter.buffer();
            var bytes = buffer.bytes().duplicate();
            bytes.limit(bytes.position() + (int) buffer.type().sizeBytes());
            contents.put(
                    graph.inputs().get(port++).name(), ConstData.ofBytes(buffer.type(), bytes));
        }
        return new LayerGraph(BakeWeights.apply(graph, contents), Set.of());
    }

    /**
     * The same in {@code dtype} throughout, input and output included: in fp16 it is what a Neural
     * Engine takes whole, and half the size. Weights are rounded once. An input that becomes
     * integers, such as ids, stays fp32.
     *
     * @param dtype fp32 or fp16
     */
    public LayerGraph in(DType dtype) {
        if (dtype != DType.FP32 && dtype != DType.FP16) {
            throw new JaneException("model", "cannot compute in %s; need fp32 or fp16", dtype);
        }
        return dtype == DType.FP32 ? this : new LayerGraph(HalfPrecision.whole(graph), parameters);
    }

    private static String unique(String name, Set<String> taken) {
        var unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + "_" + i;
        }
        return unique;
    }
}
