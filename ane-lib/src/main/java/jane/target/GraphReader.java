package jane.target;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Spelling;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a graph as the program that {@link jane.mil.MilPrinter} would make of it: every default
 * spelled out, attributes as named constants, constants of more than 16 elements in a blob.
 */
final class GraphReader {
    private static final int INLINE_ELEMENTS = 16;
    private static final String OPSET = "ios18";

    private final Graph graph;
    private final Map<Value, ValueView> views = new IdentityHashMap<>();
    private final Map<Value, String> ports = new IdentityHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<OpView> ops = new ArrayList<>();
    private final List<ValueView> constants = new ArrayList<>();

    private GraphReader(Graph graph) {
        this.graph = graph;
        graph.outputs().forEach(p -> ports.put(p.value(), p.name()));
    }

    static ProgramView read(Graph graph, Usage usage) {
        return new GraphReader(graph).program(usage);
    }

    private ProgramView program(Usage usage) {
        var inputs = new ArrayList<ValueView>();
        for (var port : graph.inputs()) {
            var view = view(ValueView.Kind.INPUT, port.name(), port.value(), -1);
            views.put(port.value(), view);
            inputs.add(view);
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            node(graph.nodes().get(i), i);
        }
        var outputs = new ArrayList<ValueView>();
        for (var port : graph.outputs()) {
            var view = views.get(port.value());
            view.returned();
            outputs.add(view);
        }
        return new ProgramView(OPSET, inputs, outputs, ops, constants, usage, false);
    }

    private <A> void node(Node<A> node, int position) {
        if (node.op() == Leaf.CONST) {
            constant(node.out(), position);
            return;
        }
        var spelling = node.op().spelling();
        var op = new OpView(position, 0, spelling.map(Spelling::milOp).orElse(node.op().name()));
        for (var out : node.outputs()) {
            var view = view(ValueView.Kind.COMPUTED, name(out), out, position);
            views.put(out, view);
            op.result(view);
        }
        spelling.ifPresentOrElse(
                s -> s.params().forEach(p -> argument(op, node, p)),
                () -> op.arg("x", node.inputs().stream().map(views::get).toList()));
        ops.add(op);
    }

    private <A> void argument(OpView op, Node<A> node, Spelling.Param<A> param) {
        if (param instanceof Spelling.Operand<A> operand) {
            if (operand.index() < node.inputs().size()) {
                op.arg(param.name(), List.of(views.get(node.in(operand.index()))));
            }
        } else if (param instanceof Spelling.Variadic<A> rest) {
            var inputs = node.inputs().subList(rest.from(), node.inputs().size());
            op.arg(param.name(), inputs.stream().map(views::get).toList());
        } else if (param instanceof Spelling.Attribute<A> attribute) {
            attribute(op, param.name(), attribute.get().apply(node.attrs()));
        } else if (param instanceof Spelling.OptionalAttribute<A> attribute) {
            attribute
                    .get()
                    .apply(node.attrs())
                    .ifPresent(literal -> attribute(op, param.name(), literal));
        }
    }

    private void attribute(OpView op, String name, Literal literal) {
        var items = literal instanceof Literal.Tuple tuple ? tuple.items() : List.of(literal);
        op.arg(name, items.stream().map(item -> constant(op, name, item)).toList());
    }

    private ValueView constant(OpView op, String name, Literal literal) {
        List<Integer> dims = List.of();
        String dtype = "string";
        if (literal instanceof Literal.Ints ints) {
            dims = List.of(ints.values().size());
            dtype = "int32";
        } else if (literal instanceof Literal.Bools bools) {
            dims = List.of(bools.values().size());
            dtype = "bool";
        } else if (literal instanceof Literal.Int) {
            dtype = "int32";
        } else if (literal instanceof Literal.Unsigned) {
            dtype = "uint32";
        } else if (literal instanceof Literal.Bool) {
            dtype = "bool";
        } else if (literal instanceof Literal.Float) {
            dtype = op.out().isFloat() ? op.out().dtype() : "fp32";
        } else if (literal instanceof Literal.Scalar scalar) {
            dtype = scalar.dtype().mil();
        }
        var value =
                new ValueView(
                        ValueView.Kind.CONST,
                        op.name() + "_" + name,
                        dtype,
                        dims,
                        op.position(),
                        0);
        return value.written(ValueView.Form.NAMED, Optional.of(literal));
    }

    private void constant(Value value, int position) {
        var data = Leaf.data(value);
        boolean blob = value.shape().size() > INLINE_ELEMENTS && value.dtype() != DType.BOOL;
        Optional<Literal> literal =
                value.shape().size() == 1
                        ? Optional.of(new Literal.Float(data.get(0)))
                        : Optional.empty();
        var view =
                view(ValueView.Kind.CONST, name(value), value, position)
                        .written(blob ? ValueView.Form.BLOB : ValueView.Form.NAMED, literal);
        views.put(value, view);
        constants.add(view);
    }

    private static ValueView view(ValueView.Kind kind, String name, Value value, int position) {
        var dims = value.shape().toList();
        return new ValueView(kind, name, value.dtype().mil(), dims, position, 0);
    }

    /** The port's name, else the graph's, else one counted per op as the printer does. */
    private String name(Value value) {
        String port = ports.get(value);
        if (port != null) {
            return port;
        }
        String given = graph.names().get(value);
        String stem = value.node().op().name();
        return given != null ? given : stem + "_" + (counts.merge(stem, 1, Integer::sum) - 1);
    }
}
