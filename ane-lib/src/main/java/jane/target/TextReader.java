package jane.target;

import jane.mil.Listing;
import jane.mil.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads MIL text with the types it declares: ops that Jane does not know are seen too. A name that
 * nothing defines is left out: the parser reports it.
 */
final class TextReader {
    private static final String CONST = "const";

    private final Listing listing;
    private final Map<String, ValueView> values = new HashMap<>();
    private final List<OpView> ops = new ArrayList<>();
    private final List<ValueView> constants = new ArrayList<>();

    private TextReader(Listing listing) {
        this.listing = listing;
    }

    static ProgramView read(Program program, Usage usage) {
        return new TextReader(Listing.of(program)).program(usage);
    }

    private ProgramView program(Usage usage) {
        var inputs = new ArrayList<ValueView>();
        for (var input : listing.inputs()) {
            inputs.add(define(ValueView.Kind.INPUT, input, -1));
        }
        for (int i = 0; i < listing.statements().size(); i++) {
            statement(listing.statements().get(i), i);
        }
        var outputs = new ArrayList<ValueView>();
        for (var name : listing.outputs()) {
            var value = values.get(name);
            if (value != null) {
                value.returned();
                outputs.add(value);
            }
        }
        return new ProgramView(listing.opset(), inputs, outputs, ops, constants, usage, true);
    }

    private ValueView define(ValueView.Kind kind, Listing.Variable variable, int position) {
        var value =
                new ValueView(
                        kind,
                        variable.name(),
                        variable.dtype(),
                        variable.dims(),
                        position,
                        variable.line());
        values.put(variable.name(), value);
        return value;
    }

    private void statement(Listing.Statement statement, int position) {
        if (statement.op().equals(CONST)) {
            for (var result : statement.results()) {
                constant(define(ValueView.Kind.CONST, result, position), statement);
            }
            return;
        }
        if (statement.results().isEmpty()) {
            return;
        }
        var op = new OpView(position, statement.line(), statement.op());
        for (var result : statement.results()) {
            op.result(define(ValueView.Kind.COMPUTED, result, position));
        }
        statement
                .args()
                .forEach(
                        (name, operand) -> {
                            var list = new ArrayList<ValueView>();
                            collect(operand, op.name() + "_" + name, position, list);
                            op.arg(name, list);
                        });
        ops.add(op);
    }

    private void constant(ValueView value, Listing.Statement statement) {
        if (statement.args().get("val") instanceof Listing.Value written) {
            var form = written.blob() ? ValueView.Form.BLOB : ValueView.Form.NAMED;
            constants.add(value.written(form, written.value()));
        }
    }

    /** Recursion is bounded: the parser refuses deep tuples. */
    private void collect(Listing.Operand operand, String name, int position, List<ValueView> into) {
        if (operand instanceof Listing.Reference reference) {
            var value = values.get(reference.name());
            if (value != null) {
                into.add(value);
            }
        } else if (operand instanceof Listing.Several several) {
            several.items().forEach(item -> collect(item, name, position, into));
        } else if (operand instanceof Listing.Value written) {
            var value =
                    new ValueView(
                            ValueView.Kind.CONST,
                            name,
                            written.dtype(),
                            written.dims(),
                            position,
                            0);
            var form = written.blob() ? ValueView.Form.BLOB : ValueView.Form.INLINE;
            into.add(value.written(form, written.value()));
            constants.add(value);
        }
    }
}
