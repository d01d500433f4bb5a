package jane.nn;

import jane.tensor.Tensor;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Layers one after the other. They are named after their kind and number: {@code linear1}, {@code
 * gelu1}, {@code linear2}.
 */
public final class Sequential extends Layer {
    /** The layers in order. */
    public Sequential(Layer... layers) {
        Map<String, Integer> count = new HashMap<>();
        for (var layer : layers) {
            var kind = layer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            layer((kind.isEmpty() ? "layer" : kind) + count.merge(kind, 1, Integer::sum), layer);
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        for (var layer : layers().values()) {
            x = layer.apply(x);
        }
        return x;
    }
}
