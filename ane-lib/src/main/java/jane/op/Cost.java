package jane.op;

import jane.ir.Node;
import jane.ir.Value;

/** Cost rules that several ops share. */
final class Cost {
    private Cost() {}

    /** One operation per element of the results. */
    static long perElement(Node<?> n) {
        long sum = 0;
        for (var y : n.outputs()) {
            sum += y.shape().size();
        }
        return sum;
    }

    /** No arithmetic. */
    static long none(Node<?> n) {
        return 0;
    }

    /** Each result is read once and written once, however large the operands are. */
    static long moved(Node<?> n) {
        return 2 * written(n);
    }

    /** As {@link #moved}, and all operands after the first are read. */
    static long picked(Node<?> n) {
        long sum = moved(n);
        for (int i = 1; i < n.inputs().size(); i++) {
            sum += n.in(i).type().sizeBytes();
        }
        return sum;
    }

    /** Bytes of the results. */
    static long written(Node<?> n) {
        return n.outputs().stream().map(Value::type).mapToLong(t -> t.sizeBytes()).sum();
    }
}
