package jane.mil;

import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.Spelling;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The variables of one function, and what an argument means among them. */
final class Scope {
    private final Source source;
    private final ConstantReader reader;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Constant> constants = new HashMap<>();

    /** Parameters that are states. */
    private final Set<String> states = new HashSet<>();

    /** Second names of values. */
    private final Set<String> renamed = new HashSet<>();

    /** Parameters, results, and the constants that were read as operands. */
    private final Map<String, Value> values = new HashMap<>();

    /** Names that the function defines somewhere. */
    private final Predicate<String> below;

    Scope(Source source, ConstantReader reader, Predicate<String> below) {
        this.source = source;
        this.reader = reader;
        this.below = below;
    }

    void define(Token name, Value value) {
        claim(name);
        values.put(name.text(), value);
    }

    /** A second name for a value, which keeps its first. */
    void rename(Token name, Value value) {
        define(name, value);
        renamed.add(name.text());
    }

    /** The name of a state, which is no value. */
    void reserve(Token name) {
        claim(name);
        states.add(name.text());
    }

    void define(Token name, Syntax.Literal literal) {
        define(name, reader.read(literal));
    }

    void define(Token name, Constant constant) {
        claim(name);
        constants.put(name.text(), constant);
    }

    private void claim(Token name) {
        if (!names.add(name.text())) {
            throw source.error(
                    name.offset(), "%s is defined twice; need a new name for each value", name);
        }
    }

    /** Names of the values made so far. */
    Map<Value, String> names() {
        var byValue = new IdentityHashMap<Value, String>();
        values.forEach(
                (name, value) -> {
                    if (!renamed.contains(name)) {
                        byValue.put(value, name);
                    }
                });
        return byValue;
    }

    /** The value of a variable; a constant becomes one node however often it is read. */
    Value value(Token name) {
        var value = values.get(name.text());
        if (value != null) {
            return value;
        }
        var made = leaf(constant(name), name.offset());
        values.put(name.text(), made);
        return made;
    }

    private Constant constant(Token name) {
        if (states.contains(name.text())) {
            throw source.error(
                    name.offset(),
                    "%s is a state; need its value: read_state(input = %s)",
                    name,
                    name.text());
        }
        var constant = constants.get(name.text());
        if (constant == null && below.test(name.text())) {
            throw source.error(
                    name.offset(),
                    "%s is defined below; need it above its first use: programs have no cycles",
                    name);
        }
        if (constant == null) {
            throw source.error(
                    name.offset(),
                    "%s is not defined above%s",
                    name,
                    Nearest.hint(name.text(), names));
        }
        return constant;
    }

    private Value leaf(Constant constant, int offset) {
        if (constant instanceof Constant.Data data) {
            return Leaf.constant(data.data());
        }
        if (constant instanceof Constant.Packed packed) {
            throw source.error(
                    offset,
                    "%s as an operand; need a constexpr op such as"
                            + " constexpr_blockwise_shift_scale to unpack it",
                    packed);
        }
        throw source.error(offset, "a string as an operand; need a tensor");
    }

    /** An op's input. */
    Value operand(Syntax.Operand operand) {
        if (operand instanceof Syntax.Ref ref) {
            return value(ref.name());
        }
        if (operand instanceof Syntax.Literal literal) {
            return leaf(reader.read(literal), literal.offset());
        }
        var tuple = (Syntax.Tuple) operand;
        if (tuple.items().size() == 1) {
            return operand(tuple.items().get(0));
        }
        throw source.error(
                operand.offset(),
                "a tuple of %d as an operand; need one tensor",
                tuple.items().size());
    }

    /** An op's inputs given as one tuple. */
    List<Value> operands(Syntax.Operand operand) {
        var items = operand instanceof Syntax.Tuple tuple ? tuple.items() : List.of(operand);
        if (items.isEmpty()) {
            throw source.error(operand.offset(), "an empty tuple; need one tensor or more");
        }
        var inputs = new ArrayList<Value>();
        items.forEach(item -> inputs.add(operand(item)));
        return inputs;
    }

    /** An attribute: a constant of the right kind, named or inline. */
    Literal literal(Spelling.Param<?> param, Literal.Kind kind, Syntax.Operand operand) {
        if (kind == Literal.Kind.TUPLE) {
            var items = operand instanceof Syntax.Tuple tuple ? tuple.items() : List.of(operand);
            return new Literal.Tuple(items.stream().map(item -> item(param, item)).toList());
        }
        var constant = constant(param.name(), operand);
        return constant.literal(kind)
                .orElseThrow(
                        () ->
                                source.error(
                                        operand.offset(),
                                        "%s for '%s'; need %s",
                                        constant,
                                        param.name(),
                                        Constant.need(kind)));
    }

    /** One scalar of a tuple. */
    private Literal item(Spelling.Param<?> param, Syntax.Operand operand) {
        var constant = constant(param.name(), operand);
        return constant.literal(Literal.Kind.BOOL)
                .or(() -> constant.literal(Literal.Kind.INT))
                .orElseThrow(
                        () ->
                                source.error(
                                        operand.offset(),
                                        "%s for an item of '%s'; need int32(1) or bool(true)",
                                        constant,
                                        param.name()));
    }

    /** An argument that must be constant, named or inline. */
    Constant constant(String attribute, Syntax.Operand operand) {
        if (operand instanceof Syntax.Literal literal) {
            return reader.read(literal);
        }
        if (operand instanceof Syntax.Ref ref) {
            if (!constants.containsKey(ref.name().text()) && names.contains(ref.name().text())) {
                throw source.error(
                        operand.offset(), "'%s' is computed; need a const", ref.name().text());
            }
            return constant(ref.name());
        }
        throw source.error(operand.offset(), "a tuple for '%s'; need a const", attribute);
    }
}
