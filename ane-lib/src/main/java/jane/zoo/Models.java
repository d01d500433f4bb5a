package jane.zoo;

import jane.nn.Conv2d;
import jane.nn.Flatten;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.MaxPool2d;
import jane.nn.ReLU;
import jane.nn.Sequential;

/** Small models that train in seconds. Weights are drawn from the session's seed. */
public final class Models {
    private Models() {}

    /** Flatten, then linear layers of these sizes with GELU between: {@code mlp(784, 256, 10)}. */
    public static Layer mlp(int... sizes) {
        if (sizes.length < 2) {
            throw new jane.ir.ShapeException(
                    "mlp", "%d sizes; need at least input and output", sizes.length);
        }
        var layers = new Layer[2 * (sizes.length - 1)];
        layers[0] = new Flatten();
        for (int i = 1; i < sizes.length; i++) {
            layers[2 * i - 1] = new Linear(sizes[i - 1], sizes[i]);
            if (i < sizes.length - 1) {
                layers[2 * i] = new GELU();
            }
        }
        return new Sequential(layers);
    }

    /** Two 3x3 convolutions (16 and 32 channels) with pooling, then linear; x [N, 1, 28, 28]. */
    public static Layer digitsCnn() {
        return new Sequential(
                new Conv2d(1, 16, 3, 1, 1),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(16, 32, 3, 1, 1),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Linear(32 * 7 * 7, 10));
    }
}
