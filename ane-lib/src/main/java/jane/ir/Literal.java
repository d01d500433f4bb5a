package jane.ir;

import java.util.List;

/** An attribute's value as MIL writes it. */
public sealed interface Literal {
    /** {@code bool(true)}. */
    record Bool(boolean value) implements Literal {}

    /** {@code int32(-1)}. */
    record Int(int value) implements Literal {}

    /** {@code uint32(2)}. */
    record Unsigned(int value) implements Literal {}

    /** {@code string("valid")}. */
    record Str(String value) implements Literal {}

    /** {@code fp16(0x1p-3)}, in the element type of the op's first result. */
    record Float(double value) implements Literal {}

    /** A number that keeps its own element type: {@code fp32(0x1p+1)}. */
    record Scalar(DType dtype, double value) implements Literal {}

    /** {@code tensor<int32, [2]>([1, 1])}. */
    record Ints(List<Integer> values) implements Literal {
        public Ints {
            values = List.copyOf(values);
        }
    }

    /** {@code tensor<bool, [2]>([true, false])}. */
    record Bools(List<Boolean> values) implements Literal {
        public Bools {
            values = List.copyOf(values);
        }
    }

    /** {@code (int32(0), int32(1))}: scalars of {@code int32} or {@code bool}. */
    record Tuple(List<Literal> items) implements Literal {
        public Tuple {
            items = List.copyOf(items);
        }
    }

    /** Which of the records a parameter takes. */
    enum Kind {
        BOOL,
        INT,
        UNSIGNED,
        STRING,
        FLOAT,
        SCALAR,
        INTS,
        BOOLS,
        TUPLE
    }
}
