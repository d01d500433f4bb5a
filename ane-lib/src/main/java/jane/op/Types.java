package jane.op;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.util.List;
import java.util.function.Predicate;

/** Checks and type rules that several ops share. */
final class Types {
    private Types() {}

    static TensorType floats(String op, TensorType x) {
        return require(op, x, DType::isFloat, "fp16 or fp32");
    }

    static TensorType numbers(String op, TensorType x) {
        return require(op, x, t -> t != DType.BOOL, "a number type");
    }

    static TensorType bools(String op, TensorType x) {
        return require(op, x, t -> t == DType.BOOL, "bool");
    }

    private static TensorType require(String op, TensorType x, Predicate<DType> ok, String need) {
        if (!ok.test(x.dtype())) {
            throw new ShapeException(op, "input is %s; need %s: cast it first", x.dtype(), need);
        }
        return x;
    }

    static void sameDtype(String op, TensorType a, TensorType b) {
        if (a.dtype() != b.dtype()) {
            throw new ShapeException(
                    op,
                    "inputs are %s and %s; need one type: cast one of them",
                    a.dtype(),
                    b.dtype());
        }
    }

    /** The type rule of binary ops: one number type, shapes that broadcast. */
    static TensorType broadcast(String op, List<TensorType> in) {
        numbers(op, in.get(0));
        sameDtype(op, in.get(0), in.get(1));
        return in.get(0).as(Shape.broadcast(in.get(0).shape(), in.get(1).shape(), op));
    }

    /** As {@link #broadcast}, for ops that have no integer meaning. */
    static TensorType broadcastFloats(String op, List<TensorType> in) {
        floats(op, in.get(0));
        return broadcast(op, in);
    }

    static void rank(String op, TensorType x, int rank, String form) {
        if (x.shape().rank() != rank) {
            throw new ShapeException(
                    op,
                    "input has shape %s of rank %d; need rank %d, %s",
                    x.shape(),
                    x.shape().rank(),
                    rank,
                    form);
        }
    }

    static void length(String op, String param, List<?> values, int need) {
        if (values.size() != need) {
            throw new ShapeException(
                    op, "%s = %s has %d entries; need %d", param, values, values.size(), need);
        }
    }

    static void atLeast(String op, String param, List<Integer> values, int low) {
        for (int v : values) {
            if (v < low) {
                throw new ShapeException(
                        op, "%s = %s contains %d; need %d or more", param, values, v, low);
            }
        }
    }

    static void oneOf(String op, String param, String value, List<String> choices) {
        if (!choices.contains(value)) {
            throw new ShapeException(op, "%s \"%s\"; need one of %s", param, value, choices);
        }
    }

    /** The length of a result's axis, which must be one that a shape can have. */
    static int axisLength(String op, long length) {
        if (length > Integer.MAX_VALUE) {
            throw new ShapeException(
                    op, "the result has %d elements on one axis; need at most 2^31 - 1", length);
        }
        return (int) length;
    }

    /** Refuses a per-channel parameter that does not fit x of shape [N, C, ...]. */
    static void channelVector(String op, String param, TensorType v, TensorType x) {
        sameDtype(op, x, v);
        if (v.shape().rank() != 1 || v.shape().dim(0) != x.shape().dim(1)) {
            throw new ShapeException(
                    op,
                    "%s of shape %s for input %s; need [%d], one per channel",
                    param,
                    v.shape(),
                    x.shape(),
                    x.shape().dim(1));
        }
    }
}
