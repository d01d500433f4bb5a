package jane.op;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.Value;
import java.util.List;

/** Running sums. */
public final class Scans {
    /** The axis; whether the element itself is left out; whether the sum runs from the end. */
    public record Scan(int axis, boolean exclusive, boolean reverse) {}

    /** Sum of all elements up to this one along an axis. Shapes: y as x; any number type. */
    public static final Op<Scan> CUMSUM =
            OpDef.<Scan>named("cumsum")
                    .type(
                            (a, in) -> {
                                in.get(0).shape().axis(a.axis(), "cumsum");
                                return List.of(Types.numbers("cumsum", in.get(0)));
                            })
                    .vjp((n, dy) -> List.of(cumsum(dy, opposite(n.attrs()))))
                    .mil(
                            Spelling.<Scan>of("cumsum")
                                    .operand("x")
                                    .integer("axis", Scan::axis, 0)
                                    .bool("exclusive", Scan::exclusive, false)
                                    .bool("reverse", Scan::reverse, false)
                                    .build(
                                            a ->
                                                    new Scan(
                                                            a.integer("axis"),
                                                            a.bool("exclusive"),
                                                            a.bool("reverse"))))
                    .reference((a, in, out) -> loop(a, in.get(0), out))
                    .build();

    static final List<Op<?>> ALL = List.of(CUMSUM);

    private Scans() {}

    /** Running sum. */
    public static Value cumsum(Value x, Scan attrs) {
        return Node.of(CUMSUM, attrs, List.of(x)).out();
    }

    private static Scan opposite(Scan a) {
        return new Scan(a.axis(), a.exclusive(), !a.reverse());
    }

    private static void loop(Scan a, Dense x, Dense y) {
        int axis = x.shape().axis(a.axis(), "cumsum");
        int size = x.shape().dim(axis);
        int step = x.shape().slice(axis + 1, x.shape().rank()).size();
        for (int i = 0; i < x.data().length; i++) {
            if (i / step % size != 0) {
                continue; // each line is done from its first element
            }
            double sum = 0;
            for (int k = 0; k < size; k++) {
                int at = i + (a.reverse() ? size - 1 - k : k) * step;
                double before = sum;
                sum += x.get(at);
                y.data()[at] = a.exclusive() ? before : sum;
            }
        }
    }
}
