package jane.target;

import java.util.List;

/**
 * A program as the rules see it, read from a graph or from text.
 *
 * @param opset the opset its function declares: {@code ios18}
 * @param inputs in the order declared
 * @param outputs in the order returned, by the names they are returned under
 * @param ops in order, constants left out
 * @param constants those that data stands in; attributes count only where text writes them
 * @param fromText whether spelling and lines are known
 */
record ProgramView(
        String opset,
        List<ValueView> inputs,
        List<ValueView> outputs,
        List<OpView> ops,
        List<ValueView> constants,
        Usage usage,
        boolean fromText) {
    ProgramView {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        ops = List.copyOf(ops);
        constants = List.copyOf(constants);
    }

    long blobs() {
        return constants.stream().filter(ValueView::isBlob).count();
    }

    long constantBytes() {
        return constants.stream().mapToLong(ValueView::bytes).sum();
    }

    boolean has(String op) {
        return ops.stream().anyMatch(o -> o.op().equals(op));
    }
}
