package jane.notebook.chart;

import jane.engine.Buffer;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/** Tensors made of a formula over the flat index. */
final class Given {
    private Given() {}

    static Tensor tensor(IntToDoubleFunction value, int... dims) {
        var values = new float[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        var buffer = Buffer.direct(TensorType.fp32(dims));
        buffer.put(values);
        return Tensor.holding(buffer);
    }
}
