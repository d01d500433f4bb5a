package jane.mil;

import jane.ir.ConstData;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From {@link Syntax} to a graph: ops, arguments and declared types are checked here. */
final class Binder {
    /** The op whose only argument is its value. */
    private static final String CONST = "const";

    /** A missing operand longer than this is not made up: a type in text can claim any size. */
    private static final int FILLER_ELEMENTS = 1 << 24;

    private final Source source;
    private final Syntax.Function function;
    private final Scope scope;
    private final ConstexprBinder constexprs;
    private final StateScope states;

    Binder(
            Source source,
            ConstantReader reader,
            ConstexprBinder constexprs,
            Syntax.Function function) {
        this.source = source;
        this.function = function;
        this.scope = new Scope(source, reader, function::defines);
        this.constexprs = constexprs;
        this.states = new StateScope(source);
    }

    Bound bind() {
        var inputs = new ArrayList<Graph.Port>();
        for (var param : function.params()) {
            Value value;
            if (param.type() instanceof Syntax.State type) {
                scope.reserve(param.name());
                value = states.declare(param.name(), type);
            } else {
                value = Leaf.input(tensor(param));
                scope.define(param.name(), value);
            }
            inputs.add(new Graph.Port(param.name().text(), value));
        }
        function.statements().forEach(this::statement);
        var outputs = new ArrayList<Graph.Port>();
        for (var name : function.returns()) {
            outputs.add(new Graph.Port(name.text(), scope.value(name)));
        }
        var updated = states.outputs(inputs, outputs);
        try {
            var graph = Graph.named(inputs, outputs, scope.names());
            return new Bound(graph, updated, !states.isEmpty());
        } catch (JaneException e) {
            throw source.error(e, function.name().offset(), "%s", e.getMessage());
        }
    }

    private void statement(Syntax.Statement statement) {
        if (statement.op().text().equals(CONST)) {
            constant(statement);
            return;
        }
        var constexpr = Constexpr.ofMil(statement.op().text());
        if (constexpr.isPresent()) {
            unpack(constexpr.get(), statement);
            return;
        }
        if (StateScope.results(statement.op().text()).isPresent()) {
            state(statement);
            return;
        }
        var op = Ops.byMil(statement.op().text()).orElseThrow(() -> unknownOp(statement.op()));
        if (statement.results().isEmpty()) {
            throw source.error(
                    statement.op().offset(), "no result of %s; need one or more", statement.op());
        }
        var made = OldIndices.fromFront(node(op, statement), function.opset().text()).outputs();
        checkCount(statement, made.size());
        for (int i = 0; i < made.size(); i++) {
            define(statement.results().get(i), made.get(i), statement.op());
        }
    }

    private void state(Syntax.Statement statement) {
        var value = states.made(statement.op(), arguments(statement), scope);
        var counts = StateScope.results(statement.op().text()).orElseThrow();
        if (!counts.contains(statement.results().size())) {
            throw source.error(
                    statement.op().offset(),
                    "%d results of %s; need %s",
                    statement.results().size(),
                    statement.op(),
                    counts.size() == 1 ? "1" : "none or 1");
        }
        for (var result : statement.results()) {
            checkDeclared(result, value.type(), statement.op());
            scope.rename(result.name(), value);
        }
    }

    private void checkCount(Syntax.Statement statement, int made) {
        if (made != statement.results().size()) {
            throw source.error(
                    statement.op().offset(),
                    "%d results of %s; need %d",
                    statement.results().size(),
                    statement.op(),
                    made);
        }
    }

    private void define(Syntax.Typed declared, Value made, Token op) {
        checkDeclared(declared, made.type(), op);
        scope.define(declared.name(), made);
    }

    private void checkDeclared(Syntax.Typed declared, TensorType made, Token op) {
        if (!tensor(declared).equals(made)) {
            throw wrongType(declared, made, op);
        }
    }

    private MilParseException wrongType(Syntax.Typed declared, Object made, Token op) {
        return source.error(
                declared.name().offset(),
                "%s is declared %s; need %s, which %s makes here",
                declared.name(),
                declared.type(),
                made,
                op);
    }

    /** Constants that are stored small become ones like any other. */
    private void unpack(Constexpr op, Syntax.Statement statement) {
        var made = constexprs.unpack(op, statement.op(), arguments(statement), scope);
        checkCount(statement, made.size());
        for (int i = 0; i < made.size(); i++) {
            var declared = statement.results().get(i);
            if (!declared.type().toString().equals(made.get(i).toString())) {
                throw wrongType(declared, made.get(i), statement.op());
            }
            scope.define(declared.name(), made.get(i));
        }
    }

    /** {@code type name = const()[val = literal]}. */
    private void constant(Syntax.Statement statement) {
        var args = arguments(statement);
        if (statement.results().size() != 1 || !args.keySet().equals(Set.of("val"))) {
            throw source.error(
                    statement.op().offset(),
                    "a const with %d results and arguments %s; need one result and val",
                    statement.results().size(),
                    args.keySet());
        }
        if (!(args.get("val") instanceof Syntax.Literal literal)) {
            throw source.error(
                    args.get("val").offset(), "val must be a typed value, such as int32(1)");
        }
        var declared = statement.results().get(0);
        if (!declared.type().equals(literal.type())) {
            throw source.error(
                    literal.offset(),
                    "a value of type %s for %s; need %s as declared",
                    literal.type(),
                    declared.name(),
                    declared.type());
        }
        scope.define(declared.name(), literal);
    }

    private <A> Node<A> node(Op<A> op, Syntax.Statement statement) {
        var spelling = op.spelling().orElseThrow();
        var args = arguments(statement);
        checkNames(args, statement, spelling);
        var operands = new ArrayList<Value>();
        var attributes = new LinkedHashMap<String, Literal>();
        for (var param : spelling.params()) {
            var given = args.get(param.name());
            if (param instanceof Spelling.OptionalAttribute<A> attribute) {
                if (given != null) {
                    attributes.put(param.name(), scope.literal(attribute, attribute.kind(), given));
                }
            } else if (param instanceof Spelling.Attribute<A> attribute) {
                var literal =
                        given == null
                                ? attribute.fallback().orElseThrow()
                                : scope.literal(attribute, attribute.kind(), given);
                attributes.put(param.name(), literal);
            } else if (param instanceof Spelling.Variadic<A>) {
                operands.addAll(scope.operands(given));
            } else if (given != null) {
                operands.add(scope.operand(given));
            } else if (param instanceof Spelling.Operand<A> operand) {
                filler(operand, spelling, args).ifPresent(operands::add);
            }
        }
        var types = operands.stream().map(Value::type).toList();
        var declared = statement.results().stream().map(this::tensor).toList();
        var read = new Spelling.Args(attributes, declared, types);
        try {
            return Node.of(op, spelling.read(read), operands);
        } catch (JaneException e) {
            throw source.error(e, statement.op().offset(), "%s", e.getMessage());
        }
    }

    /**
     * What stands for a missing operand if a later one is given: a constant of the later one's
     * type.
     */
    private <A> Optional<Value> filler(
            Spelling.Operand<A> missing, Spelling<A> spelling, Map<String, Syntax.Operand> args) {
        for (var param : spelling.params()) {
            var given = args.get(param.name());
            boolean later = param instanceof Spelling.Operand<A> o && o.index() > missing.index();
            if (later && given != null) {
                var type = scope.operand(given).type();
                if (type.shape().size() > FILLER_ELEMENTS) {
                    throw source.error(
                            given.offset(),
                            "'%s' of %s without '%s'; need both, or at most %d elements",
                            param.name(),
                            type,
                            missing.name(),
                            FILLER_ELEMENTS);
                }
                var values = new double[type.shape().size()];
                Arrays.fill(values, missing.filler());
                return Optional.of(Leaf.constant(ConstData.of(type, values)));
            }
        }
        return Optional.empty();
    }

    /** The arguments by name, none twice. */
    private Map<String, Syntax.Operand> arguments(Syntax.Statement statement) {
        var args = new LinkedHashMap<String, Syntax.Operand>();
        for (var arg : statement.args()) {
            if (args.put(arg.name().text(), arg.operand()) != null) {
                throw source.error(arg.name().offset(), "argument %s is given twice", arg.name());
            }
        }
        return args;
    }

    /** Refuses arguments the op does not have, and the lack of those it needs. */
    private void checkNames(
            Map<String, Syntax.Operand> args, Syntax.Statement statement, Spelling<?> spelling) {
        var known = new ArrayList<String>();
        for (var param : spelling.params()) {
            known.add(param.name());
            boolean optional =
                    param instanceof Spelling.OptionalAttribute<?>
                            || param instanceof Spelling.Attribute<?> a && a.fallback().isPresent()
                            || param instanceof Spelling.Operand<?> o && o.optional();
            if (!optional && !args.containsKey(param.name())) {
                throw source.error(
                        statement.op().offset(),
                        "%s without '%s'; need %s",
                        statement.op(),
                        param.name(),
                        spelling.params().stream().map(Spelling.Param::name).toList());
            }
        }
        for (var arg : statement.args()) {
            if (!known.contains(arg.name().text())) {
                throw source.error(
                        arg.name().offset(),
                        "%s has no argument %s; need %s%s",
                        statement.op(),
                        arg.name(),
                        known,
                        Nearest.hint(arg.name().text(), known));
            }
        }
    }

    private MilParseException unknownOp(Token op) {
        var known = new ArrayList<>(List.of(CONST));
        known.addAll(StateScope.ops());
        Arrays.stream(Constexpr.values()).map(Constexpr::mil).forEach(known::add);
        Ops.all().forEach(o -> o.spelling().ifPresent(s -> known.add(s.milOp())));
        String hint = Nearest.hint(op.text(), known);
        return source.error(
                op.offset(),
                "unknown op %s%s",
                op,
                hint.isEmpty() ? "; need one that docs/ops.md lists" : hint);
    }

    private TensorType tensor(Syntax.Typed declared) {
        if (declared.type() instanceof Syntax.Tensor tensor) {
            return tensor.type();
        }
        throw source.error(
                declared.name().offset(),
                "%s is of type %s; need a tensor or scalar of fp16, fp32, bool or an int type of 8"
                        + " to 32 bits",
                declared.name(),
                declared.type());
    }
}
