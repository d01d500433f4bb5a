package jane.mil;

import jane.ir.Shape;
import jane.ir.ShapeException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The arguments of one {@code constexpr_*} statement, all constant. */
record ConstexprArgs(Constexpr op, Map<String, Constant> values) {
    boolean has(String name) {
        return values.containsKey(name);
    }

    StoredTensor stored(String name) {
        var value = values.get(name);
        if (value instanceof Constant.Packed packed) {
            return packed.data();
        }
        if (value instanceof Constant.Data data) {
            return StoredTensor.of(data.data());
        }
        throw new ShapeException(op.mil(), "a string for '%s'; need numbers", name);
    }

    Optional<StoredTensor> find(String name) {
        return has(name) ? Optional.of(stored(name)) : Optional.empty();
    }

    String text(String name) {
        if (values.get(name) instanceof Constant.Text text) {
            return text.value();
        }
        throw new ShapeException(op.mil(), "%s for '%s'; need a string", values.get(name), name);
    }

    int integer(String name) {
        var value = find(name);
        if (value.isEmpty() || value.get().shape().size() != 1 || !value.get().type().isInt()) {
            throw new ShapeException(op.mil(), "no number for '%s'; need an int32", name);
        }
        return (int) value.get().get(0);
    }

    Shape shape() {
        var given = stored("shape");
        op.require(given.type().isInt() && given.shape().rank() == 1, given, "a list of uint32");
        op.require(given.shape().size() <= Limits.DEPTH, given, "a shape");
        var dims = new int[given.shape().size()];
        Arrays.setAll(dims, i -> (int) given.get(i));
        return Shape.of(dims);
    }
}
