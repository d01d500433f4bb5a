package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Literal;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.Optional;

/**
 * A constant that the text spells: a string, data with the word it was written as if it is one
 * number, or data that is only stored.
 */
sealed interface Constant {
    /** A string. */
    record Text(String value) implements Constant {
        @Override
        public String toString() {
            return "a string";
        }
    }

    /** Numbers or booleans. */
    record Data(ConstData data, Optional<String> word) implements Constant {
        @Override
        public String toString() {
            return data.type().toString();
        }
    }

    /** Numbers of a type that only storage has: for {@code constexpr_*} ops. */
    record Packed(StoredTensor data) implements Constant {
        @Override
        public String toString() {
            return data.toString();
        }
    }

    /** Bytes of its elements. */
    default long sizeBytes() {
        if (this instanceof Packed packed) {
            return packed.data().bytes().limit();
        }
        return this instanceof Data data ? data.data().type().sizeBytes() : 0;
    }

    /** This constant as an attribute of {@code kind}, if it is one. */
    default Optional<Literal> literal(Literal.Kind kind) {
        if (this instanceof Text text) {
            return kind == Literal.Kind.STRING
                    ? Optional.of(new Literal.Str(text.value()))
                    : Optional.empty();
        }
        if (!(this instanceof Data data)) {
            return Optional.empty();
        }
        TensorType type = data.data().type();
        boolean takes =
                switch (kind) {
                    case BOOL, BOOLS -> type.dtype() == DType.BOOL;
                    case INT, INTS, UNSIGNED -> type.dtype().isInt();
                    case FLOAT -> type.dtype() != DType.BOOL;
                    case SCALAR -> true;
                    case STRING, TUPLE -> false;
                };
        int rank = kind == Literal.Kind.INTS || kind == Literal.Kind.BOOLS ? 1 : 0;
        return takes && type.shape().rank() == rank
                ? Optional.of(literal(kind, data))
                : Optional.empty();
    }

    private static Literal literal(Literal.Kind kind, Data constant) {
        var data = constant.data();
        return switch (kind) {
            case BOOL -> new Literal.Bool(data.get(0) != 0);
            case INT -> new Literal.Int((int) data.get(0));
            case UNSIGNED -> new Literal.Unsigned((int) data.get(0));
            case FLOAT -> new Literal.Float(number(constant));
            case SCALAR -> new Literal.Scalar(data.type().dtype(), number(constant));
            case INTS -> {
                var values = new ArrayList<Integer>();
                for (int i = 0; i < data.type().shape().size(); i++) {
                    values.add((int) data.get(i));
                }
                yield new Literal.Ints(values);
            }
            case BOOLS -> {
                var values = new ArrayList<Boolean>();
                for (int i = 0; i < data.type().shape().size(); i++) {
                    values.add(data.get(i) != 0);
                }
                yield new Literal.Bools(values);
            }
            case STRING, TUPLE -> throw new AssertionError("no data makes a " + kind);
        };
    }

    /** As written, before rounding: an epsilon must survive print and parse in fp16 too. */
    private static double number(Data constant) {
        var dtype = constant.data().type().dtype();
        return dtype.isFloat() && constant.word().isPresent()
                ? Numbers.unrounded(dtype, constant.word().get())
                : constant.data().get(0);
    }

    /** What an attribute of {@code kind} needs, in words. */
    static String need(Literal.Kind kind) {
        return switch (kind) {
            case BOOL -> "bool(true) or bool(false)";
            case INT -> "a scalar such as int32(1)";
            case UNSIGNED -> "a scalar such as uint32(2)";
            case TUPLE -> "a tuple such as (int32(0), int32(1))";
            case STRING -> "a string such as string(\"valid\")";
            case FLOAT, SCALAR -> "a scalar such as fp32(0x1p+0)";
            case INTS -> "a list such as tensor<int32, [2]>([1, 1])";
            case BOOLS -> "a list such as tensor<bool, [2]>([true, false])";
        };
    }
}
