package jane.mil;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Value;
import jane.op.Elementwise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The states of one function: what each holds where the text has been read to. */
final class StateScope {
    private static final String READ = "read_state";

    /** The ops that write, and how they call the state and the new value. */
    private static final Map<String, List<String>> WRITE =
            Map.of(
                    "coreml_update_state", List.of("state", "value"),
                    "write_state", List.of("input", "data"));

    private final Source source;
    private final Map<String, Value> held = new LinkedHashMap<>();
    private final Set<String> written = new LinkedHashSet<>();

    StateScope(Source source) {
        this.source = source;
    }

    /** Names of the ops on states. */
    static List<String> ops() {
        var names = new ArrayList<>(List.of(READ));
        names.addAll(WRITE.keySet());
        return names;
    }

    /** A parameter that is a state; the input that stands for it. */
    Value declare(Token name, Syntax.State type) {
        var input = Leaf.input(type.type());
        held.put(name.text(), input);
        return input;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** The value that a statement on states makes; it may have no result that takes it. */
    Value made(Token op, Map<String, Syntax.Operand> args, Scope scope) {
        var names = WRITE.getOrDefault(op.text(), List.of("input"));
        if (!args.keySet().equals(Set.copyOf(names))) {
            throw source.error(
                    op.offset(), "%s with arguments %s; need %s", op, args.keySet(), names);
        }
        String state = state(args.get(names.get(0)));
        if (op.text().equals(READ)) {
            return held.get(state);
        }
        var value = scope.operand(args.get(names.get(1)));
        if (!value.type().equals(held.get(state).type())) {
            throw source.error(
                    args.get(names.get(1)).offset(),
                    "%s for state '%s'; need %s",
                    value.type(),
                    state,
                    held.get(state).type());
        }
        held.put(state, value);
        written.add(state);
        return value;
    }

    private String state(Syntax.Operand operand) {
        if (operand instanceof Syntax.Ref ref && held.containsKey(ref.name().text())) {
            return ref.name().text();
        }
        throw source.error(
                operand.offset(),
                "no state here; need %s",
                held.isEmpty()
                        ? "a parameter such as state<tensor<fp16, [1]>> s"
                        : "one of " + held.keySet());
    }

    /**
     * Adds an output {@code next_<state>} for every state that was written.
     *
     * @return the state's name by that of its output
     */
    Map<String, String> outputs(List<Graph.Port> inputs, List<Graph.Port> outputs) {
        var taken = new HashSet<String>();
        inputs.forEach(p -> taken.add(p.name()));
        outputs.forEach(p -> taken.add(p.name()));
        Set<Value> ports = Collections.newSetFromMap(new IdentityHashMap<>());
        inputs.forEach(p -> ports.add(p.value()));
        outputs.forEach(p -> ports.add(p.value()));
        var states = new LinkedHashMap<String, String>();
        for (var state : held.keySet()) {
            if (!written.contains(state)) {
                continue;
            }
            var value = held.get(state);
            // An output has a value of its own: no input, no constant and no other output.
            var own = !value.isConst() && ports.add(value) ? value : Elementwise.identity(value);
            String stem = "next_" + state;
            String name = stem;
            for (int n = 0; !taken.add(name); n++) {
                name = stem + "_" + n;
            }
            outputs.add(new Graph.Port(name, own));
            states.put(name, state);
        }
        return states;
    }

    /** Whether {@code op} reads or writes a state; the number of results it may have. */
    static Optional<List<Integer>> results(String op) {
        if (op.equals(READ)) {
            return Optional.of(List.of(1));
        }
        return WRITE.containsKey(op) ? Optional.of(List.of(0, 1)) : Optional.empty();
    }
}
