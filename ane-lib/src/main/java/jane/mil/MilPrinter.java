package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Spelling;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes graphs as MIL text, in either {@link Dialect}: every default written out, every attribute
 * a named constant, floats in C99 hex, so that {@link MilParser} restores the same graph and
 * another print the same text. Numeric constants of more than 16 elements go to {@code
 * weights/weight.bin}.
 *
 * <p><b>Errors.</b> {@link JaneException} for an op MIL has no word for (lower it first), and for
 * an output that is an input, a constant or listed twice (insert an identity first).
 */
public final class MilPrinter {
    /** The one weight file, below {@code @model_path/}. */
    public static final String WEIGHTS = "weights/weight.bin";

    private static final int INLINE_ELEMENTS = 16;
    private static final String MAIN = "main";

    private final Dialect dialect;
    private final Graph graph;

    /** The name of a state by that of its output. */
    private final Map<String, String> states;

    private final Names names;
    private final BlobWriter blobs;
    private final StringBuilder out;

    private MilPrinter(Dialect dialect, Bound bound, BlobWriter blobs, StringBuilder out) {
        this.dialect = dialect;
        this.graph = bound.graph();
        this.states = bound.states();
        this.blobs = blobs;
        this.out = out;
        checkOutputs();
        this.names = new Names(graph, states.values());
    }

    /** The program of {@code graph} in dialect A, without aliases. */
    public static Program print(Graph graph) {
        return print(graph, Dialect.A);
    }

    /** The program of {@code graph}, without aliases. */
    public static Program print(Graph graph, Dialect dialect) {
        return print(Map.of(MAIN, graph), dialect);
    }

    /** One program of several functions, by name; they share one weight file. */
    public static Program print(Map<String, Graph> functions, Dialect dialect) {
        var bound = new LinkedHashMap<String, Bound>();
        functions.forEach((name, graph) -> bound.put(name, new Bound(graph, Map.of(), false)));
        return printed(bound, dialect);
    }

    /**
     * {@code program} as this class writes it, every function of it. Its states stay states, but
     * one that is never written becomes an input.
     *
     * @throws JaneException also for states in dialect B
     */
    public static Program reprint(Program program, Dialect dialect) {
        return printed(MilParser.bound(program), dialect);
    }

    private static Program printed(Map<String, Bound> functions, Dialect dialect) {
        var blobs = new BlobWriter();
        var out = new StringBuilder(dialect.header());
        functions.forEach(
                (name, bound) -> new MilPrinter(dialect, bound, blobs, out).function(name));
        out.append("}\n");
        Map<String, ByteBuffer> files = blobs.isEmpty() ? Map.of() : Map.of(WEIGHTS, blobs.bytes());
        return new Program(out.toString(), files, Map.of());
    }

    private void checkOutputs() {
        var seen = Collections.newSetFromMap(new IdentityHashMap<>());
        graph.inputs().forEach(port -> seen.add(port.value()));
        for (var port : graph.outputs()) {
            boolean constant = port.value().isConst();
            if (constant || !seen.add(port.value())) {
                throw new JaneException(
                        "mil",
                        "output '%s' is %s; need a value of its own: put an identity before it",
                        port.name(),
                        constant ? "a constant" : "also an input or another output");
            }
        }
    }

    private void function(String name) {
        var params = graph.inputs().stream().map(this::param).toList();
        out.append("    ").append(dialect.function(name));
        out.append("(").append(String.join(", ", params)).append(") {\n");
        graph.inputs().forEach(this::read);
        graph.nodes().forEach(this::node);
        states.forEach((next, state) -> write(state, next));
        var results =
                graph.outputs().stream()
                        .map(Graph.Port::name)
                        .filter(n -> !states.containsKey(n))
                        .toList();
        out.append("    } -> (").append(String.join(", ", results)).append(");\n");
    }

    private String param(Graph.Port port) {
        var type = port.value().type();
        if (!states.containsValue(port.name())) {
            return dialect.type(type) + " " + port.name();
        }
        if (dialect == Dialect.B) {
            throw new JaneException(
                    "mil", "state '%s' in dialect B, of ios16; need dialect A", port.name());
        }
        String tensor = "tensor<" + type.dtype().mil() + ", " + type.shape() + ">";
        return "state<" + tensor + "> " + port.name();
    }

    /** A state's value at the start, if anything reads it. */
    private void read(Graph.Port port) {
        if (states.containsValue(port.name()) && graph.readers().containsKey(port.value())) {
            String name = names.of(port.value());
            String results = dialect.type(port.value().type()) + " " + name;
            statement(results, "read_state(input = " + port.name() + ")", named(name));
        }
    }

    private void write(String state, String next) {
        var port = graph.outputs().stream().filter(p -> p.name().equals(next)).findFirst();
        String name = names.attribute(state, "written");
        statement(
                dialect.type(port.orElseThrow().value().type()) + " " + name,
                "coreml_update_state(state = " + state + ", value = " + next + ")",
                named(name));
    }

    private String named(String name) {
        return "name = " + dialect.string(name);
    }

    private <A> void node(Node<A> node) {
        if (node.op() == Leaf.CONST) {
            constant(names.of(node.out()), dialect.type(node.out().type()), data(node));
            return;
        }
        var spelling =
                node.op()
                        .spelling()
                        .orElseThrow(
                                () ->
                                        new JaneException(
                                                "mil",
                                                "MIL has no word for op '%s'; lower it first",
                                                node.op().name()));
        var args = new ArrayList<String>();
        for (var param : spelling.params()) {
            argument(node, param).ifPresent(a -> args.add(param.name() + " = " + a));
        }
        var results = new ArrayList<String>();
        node.outputs().forEach(v -> results.add(dialect.type(v.type()) + " " + names.of(v)));
        statement(
                String.join(", ", results),
                spelling.milOp() + "(" + String.join(", ", args) + ")",
                named(names.of(node.out())));
    }

    /** What is written for a parameter; nothing for one that is optional and missing. */
    private <A> Optional<String> argument(Node<A> node, Spelling.Param<A> param) {
        if (param instanceof Spelling.Operand<A> operand) {
            boolean given = operand.index() < node.inputs().size();
            return given ? Optional.of(names.of(node.in(operand.index()))) : Optional.empty();
        }
        if (param instanceof Spelling.Attribute<A> attribute) {
            return Optional.of(attribute(node, param, attribute.get().apply(node.attrs())));
        }
        if (param instanceof Spelling.OptionalAttribute<A> attribute) {
            return attribute.get().apply(node.attrs()).map(l -> attribute(node, param, l));
        }
        int from = ((Spelling.Variadic<A>) param).from();
        var rest = node.inputs().subList(from, node.inputs().size());
        return Optional.of("(" + String.join(", ", names.of(rest)) + ")");
    }

    /** Writes an attribute's constant before the node, and gives its name. */
    private String attribute(Node<?> node, Spelling.Param<?> param, Literal literal) {
        if (literal instanceof Literal.Tuple tuple) {
            var items = new ArrayList<String>();
            tuple.items().forEach(item -> items.add(attribute(node, param, item)));
            return "(" + String.join(", ", items) + ")";
        }
        String name = names.attribute(names.of(node.outputs().get(0)), param.name());
        if (literal instanceof Literal.Bool b) {
            scalar(name, "bool", String.valueOf(b.value()));
        } else if (literal instanceof Literal.Int i) {
            scalar(name, "int32", String.valueOf(i.value()));
        } else if (literal instanceof Literal.Unsigned u) {
            scalar(name, "uint32", String.valueOf(u.value()));
        } else if (literal instanceof Literal.Str s) {
            constant(name, dialect.stringType(), dialect.string(checked(name, s.value())));
        } else if (literal instanceof Literal.Float f) {
            String type = floatType(node, f.value()).mil();
            scalar(name, type, number(type, f.value()));
        } else if (literal instanceof Literal.Scalar scalar) {
            String type = scalar.dtype().mil();
            String value =
                    scalar.dtype() == DType.BOOL
                            ? String.valueOf(scalar.value() != 0)
                            : number(type, scalar.value());
            scalar(name, type, value);
        } else if (literal instanceof Literal.Ints ints) {
            list(name, "int32", ints.values());
        } else if (literal instanceof Literal.Bools bools) {
            list(name, "bool", bools.values());
        }
        return name;
    }

    private static String checked(String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c > '~' || c == '"' || c == '\\')) {
            throw new JaneException(
                    "mil",
                    "the string '%s' for '%s' cannot be written; need printable ASCII without"
                            + " quotes and backslashes",
                    value,
                    name);
        }
        return value;
    }

    /** The element type of the op's data, unless that cannot hold the value. */
    private static DType floatType(Node<?> node, double value) {
        var typed = node.inputs().isEmpty() ? node.out() : node.in(0);
        var dtype = typed.dtype();
        boolean whole = dtype.isInt() && dtype.round(value) == value;
        return dtype.isFloat() || whole ? dtype : DType.FP32;
    }

    private static String number(String type, double value) {
        return DType.ofMil(type).isFloat() ? Numbers.format(value) : Long.toString((long) value);
    }

    private void list(String name, String dtype, List<?> values) {
        String type = "tensor<" + dtype + ", [" + values.size() + "]>";
        constant(name, type, type + "(" + values + ")");
    }

    /** A constant operand: inline if it is small, else in the weight file. */
    private String data(Node<?> node) {
        var data = Leaf.data(node.out());
        var type = data.type();
        String written =
                type.shape().size() <= INLINE_ELEMENTS || type.dtype() == DType.BOOL
                        ? elements(data)
                        : dialect.blob(WEIGHTS, blobs.add(data));
        return dialect.type(type) + "(" + written + ")";
    }

    private static String elements(ConstData data) {
        TensorType type = data.type();
        if (type.shape().rank() == 0) {
            return Numbers.format(data, 0);
        }
        if (type.shape().size() == 0) {
            return "[]";
        }
        // Brackets open and close where an index of the outer dimensions turns over.
        var text = new StringBuilder();
        var strides = type.shape().strides();
        for (int i = 0; i < type.shape().size(); i++) {
            int at = i;
            text.append(i > 0 ? ", " : "");
            for (int k = 0; k < strides.length; k++) {
                text.append(at % (strides[k] * type.shape().dim(k)) == 0 ? "[" : "");
            }
            text.append(Numbers.format(data, i));
            for (int k = 0; k < strides.length; k++) {
                text.append((at + 1) % (strides[k] * type.shape().dim(k)) == 0 ? "]" : "");
            }
        }
        return text.toString();
    }

    private void scalar(String name, String element, String value) {
        String type = dialect.scalar(element);
        constant(name, type, type + "(" + value + ")");
    }

    private void constant(String name, String type, String value) {
        statement(type + " " + name, "const()", named(name) + ", val = " + value);
    }

    private void statement(String results, String call, String attributes) {
        out.append("        ").append(results).append(" = ").append(call);
        out.append('[').append(attributes).append("];\n");
    }
}
