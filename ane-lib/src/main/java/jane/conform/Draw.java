package jane.conform;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/** Random choices for one application of an op: shapes, attributes, operands. */
abstract class Draw {
    /** What values suit an operand. */
    enum Kind {
        ANY,
        POSITIVE,
        EXPONENT,
        PROBABILITY,
        /** Within the domain of asin and atanh, away from its ends. */
        UNIT
    }

    final RandomGenerator random;

    Draw(RandomGenerator random) {
        this.random = random;
    }

    /** Whether values must stay away from kinks, ties and poles, for finite differences. */
    abstract boolean smooth();

    /** Whether values may be infinite, NaN or out of range. */
    abstract boolean ugly();

    /** A dimension. */
    abstract int size();

    /** Elements that the largest tensor may have. */
    abstract int limit();

    abstract Shape shape(int minRank, int maxRank);

    /** fp32 or fp16. */
    abstract DType floats();

    /** Mostly a float, sometimes int32. */
    abstract DType numbers();

    /** An operand of this type with values of a kind, already rounded to the type. */
    abstract Value input(TensorType type, Kind kind);

    /** An operand of integers from 0 to {@code size - 1}. */
    abstract Value indices(DType dtype, Shape shape, int size);

    /** A new placeholder with these values: for each element a function of its index. */
    abstract Value placeholder(TensorType type, IntToDoubleFunction f);

    boolean chance(double p) {
        return random.nextDouble() < p;
    }

    /** A number from {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    @SafeVarargs
    final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Now and then counted from the end. */
    int axis(int axis, int rank) {
        return chance(0.4) ? axis - rank : axis;
    }

    /** A shape that broadcasts to {@code whole}: leading axes gone, some axes 1. */
    Shape narrowed(Shape whole) {
        var dims = whole.slice(chance(0.4) ? between(0, whole.rank()) : 0, whole.rank()).toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = chance(0.3) ? 1 : dims[i];
        }
        return Shape.of(dims);
    }

    List<Integer> permutation(int n) {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < n; i++) {
            order.add(i);
        }
        for (int i = n - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    Value input(DType dtype, Shape shape) {
        return input(new TensorType(dtype, shape), Kind.ANY);
    }

    /** An operand after others of its op, present or not: an optional one. */
    void maybe(List<Value> inputs, DType dtype, Shape shape) {
        if (chance(0.6)) {
            inputs.add(input(dtype, shape));
        }
    }

    /** An int32 operand of numbers from 0 to {@code size - 1}. */
    Value indices(Shape shape, int size) {
        return indices(DType.INT32, shape, size);
    }
}
