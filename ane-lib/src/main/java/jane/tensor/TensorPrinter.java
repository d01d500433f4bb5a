package jane.tensor;

import jane.ir.DType;
import jane.ir.Shape;
import java.util.Locale;

/** Text of a tensor: all values when there are few, the edges of each axis when there are many. */
final class TensorPrinter {
    private static final int MOST_VALUES = 200;
    private static final int EDGE = 3;

    private final Tensor tensor;
    private final boolean summarise;
    private final StringBuilder text = new StringBuilder();

    private TensorPrinter(Tensor tensor) {
        this.tensor = tensor;
        this.summarise = tensor.shape().size() > MOST_VALUES;
    }

    static String print(Tensor tensor) {
        var printer = new TensorPrinter(tensor);
        printer.text.append("tensor(");
        printer.axis(0, 0, 8);
        printer.text.append(", ").append(tensor.type()).append(')');
        return printer.text.toString();
    }

    /** Prints axis {@code axis} from flat index {@code at}; depth is at most the rank. */
    private void axis(int axis, int at, int indent) {
        Shape shape = tensor.shape();
        if (axis == shape.rank()) {
            text.append(element(at));
            return;
        }
        int dim = shape.dim(axis);
        int step = shape.strides()[axis];
        boolean rows = axis < shape.rank() - 1;
        text.append('[');
        for (int i = 0; i < dim; i++) {
            if (i > 0) {
                text.append(rows ? ",\n" + " ".repeat(indent) : ", ");
            }
            if (summarise && dim > 2 * EDGE && i == EDGE) {
                text.append("...").append(rows ? ",\n" + " ".repeat(indent) : ", ");
                i = dim - EDGE;
            }
            axis(axis + 1, at + i * step, indent + 1);
        }
        text.append(']');
    }

    private String element(int flat) {
        double x = tensor.buffer().get(flat);
        if (tensor.dtype() == DType.BOOL) {
            return x != 0 ? "true" : "false";
        }
        if (tensor.dtype().isInt()) {
            return Long.toString((long) x);
        }
        double magnitude = Math.abs(x);
        if (x == Math.rint(x) && magnitude < 1e6 || Double.isNaN(x) || Double.isInfinite(x)) {
            return String.format(Locale.ROOT, "%s", x).replace("Infinity", "inf");
        }
        return String.format(
                Locale.ROOT, magnitude >= 1e-3 && magnitude < 1e6 ? "%.4f" : "%.4e", x);
    }
}
