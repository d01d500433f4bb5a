package jane.notebook.chart;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.tensor.Tensor;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Numbers as a user may hold them, turned into doubles. */
final class Values {
    private Values() {}

    static double[] of(float[] values) {
        var out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    static double[] of(List<? extends Number> values) {
        return values.stream().mapToDouble(Number::doubleValue).toArray();
    }

    /** All elements in row-major order, whatever the shape. */
    static double[] of(Tensor tensor) {
        var value = reader(tensor.buffer());
        var out = new double[tensor.shape().size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = value.applyAsDouble(i);
        }
        return out;
    }

    /** Reads elements in place; the usual type without a look at its kind for each element. */
    static IntToDoubleFunction reader(Buffer buffer) {
        if (buffer.type().dtype() == DType.FP32) {
            var floats = buffer.bytes().asFloatBuffer();
            return floats::get;
        }
        return buffer::get;
    }
}
