package jane.nn;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.tensor.Tensor;
import java.util.stream.Collectors;

/** The last axes of a tensor, which a normalisation works over. */
final class Trailing {
    private final Shape size;

    Trailing(String layer, Shape size, double epsilon) {
        if (size.rank() < 1 || size.size() < 1) {
            throw new ShapeException(layer, "sizes %s; need one or more, each 1 or more", size);
        }
        requireEpsilon(layer, epsilon);
        this.size = size;
    }

    /** Refuses an epsilon that is 0, less or no number. */
    static void requireEpsilon(String layer, double epsilon) {
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new JaneException(layer, "epsilon %s; need a finite number above 0", epsilon);
        }
    }

    /** Refuses {@code x} unless it ends in these axes. */
    void require(String layer, Tensor x) {
        int outer = x.shape().rank() - size.rank();
        if (outer < 0 || !x.shape().slice(outer, x.shape().rank()).equals(size)) {
            throw new ShapeException(
                    layer, "input has shape %s; need (..., %s)", x.shape(), text());
        }
    }

    /** Mean over these axes, which stay as 1. */
    Tensor mean(Tensor x) {
        var axes = new int[size.rank()];
        var kept = x.shape();
        for (int i = 0; i < axes.length; i++) {
            axes[i] = x.shape().rank() - axes.length + i;
            kept = kept.with(axes[i], 1);
        }
        return x.mean(axes).reshape(kept.toArray());
    }

    /** {@code 28, 28}. */
    String text() {
        return size.toList().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
