package jane.target;

import jane.ir.Literal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One op of a program as the rules see it: its arguments by MIL name, attributes included. */
final class OpView {
    private final int position;
    private final int line;
    private final String op;
    private final Map<String, List<ValueView>> args = new LinkedHashMap<>();
    private final List<ValueView> results = new ArrayList<>();

    OpView(int position, int line, String op) {
        this.position = position;
        this.line = line;
        this.op = op;
    }

    void arg(String name, List<ValueView> values) {
        args.put(name, List.copyOf(values));
        values.forEach(v -> v.readBy(this));
    }

    void result(ValueView value) {
        results.add(value);
        value.producedBy(this);
    }

    int position() {
        return position;
    }

    int line() {
        return line;
    }

    /** The MIL op. */
    String op() {
        return op;
    }

    /** The variable of the first result. */
    String name() {
        return out().name();
    }

    List<ValueView> results() {
        return Collections.unmodifiableList(results);
    }

    /** The first result. */
    ValueView out() {
        return results.get(0);
    }

    boolean has(String arg) {
        return args.containsKey(arg);
    }

    Map<String, List<ValueView>> args() {
        return Collections.unmodifiableMap(args);
    }

    /** The one value given as {@code arg}. */
    Optional<ValueView> arg(String name) {
        var values = args.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    /** All values given as {@code arg}, such as those of a tuple. */
    List<ValueView> all(String name) {
        return args.getOrDefault(name, List.of());
    }

    /** What it computes on: all arguments but constants that only say how. */
    List<ValueView> operands() {
        var operands = new ArrayList<ValueView>();
        for (var values : args.values()) {
            values.stream().filter(v -> !isAttribute(v)).forEach(operands::add);
        }
        return operands;
    }

    /** Floats and quantised data are operands; other small constants are attributes. */
    private static boolean isAttribute(ValueView value) {
        boolean says = value.dtype().equals("string") || value.dtype().equals("bool");
        return value.isConst() && !value.isBlob() && (says || value.dtype().equals("int32"));
    }

    private <L extends Literal> Optional<L> literal(String name, Class<L> kind) {
        return arg(name).flatMap(ValueView::literal).filter(kind::isInstance).map(kind::cast);
    }

    Optional<Integer> integer(String name) {
        return literal(name, Literal.Int.class).map(Literal.Int::value);
    }

    boolean isTrue(String name) {
        return literal(name, Literal.Bool.class).map(Literal.Bool::value).orElse(false);
    }

    Optional<String> string(String name) {
        return literal(name, Literal.Str.class).map(Literal.Str::value);
    }

    List<Integer> ints(String name) {
        return literal(name, Literal.Ints.class).map(Literal.Ints::values).orElse(List.of());
    }
}
