package jane.op;

import jane.ir.Shape;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;

/** Broadcasting and its transpose, summing. */
public final class Broadcasting {
    private Broadcasting() {}

    /** Sums {@code dy} over the axes along which {@code shape} was stretched to its shape. */
    public static Value sumTo(Value dy, Shape shape) {
        if (dy.shape().equals(shape)) {
            return dy;
        }
        int extra = dy.shape().rank() - shape.rank();
        var axes = new ArrayList<Integer>();
        for (int i = 0; i < dy.shape().rank(); i++) {
            if (i < extra || shape.dim(i - extra) == 1 && dy.shape().dim(i) != 1) {
                axes.add(i);
            }
        }
        var sum = axes.isEmpty() ? dy : Reductions.sum(dy, axes, true);
        return Movement.reshape(sum, shape);
    }

    /** {@code x} stretched to {@code shape}. */
    public static Value broadcastTo(Value x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        return Elementwise.mul(x, Movement.fill(x.type().as(shape), 1));
    }

    /** {@code v} [C] as [C, 1, ...], to meet the channels of x [N, C, ...]. */
    static Value alongChannels(Value v, Shape x) {
        var dims = new ArrayList<>(Collections.nCopies(x.rank() - 1, 1));
        dims.set(0, v.shape().dim(0));
        return Movement.reshape(v, Shape.of(dims));
    }
}
