package jane.data;

import jane.ir.DataException;
import jane.ir.Shape;
import jane.tensor.RandomStream;

/**
 * Points in the plane that no straight line can part: two moons, and spirals.
 *
 * <p>Point i is of class {@code i % classes} and a function of (seed, i) alone; the bits are the
 * same on every JDK.
 *
 * <p><b>Shapes.</b> Samples {@code [2]}: x and y, about -1.5 to 2.5 for moons and -1 to 1 for
 * spirals, before noise.
 */
public final class Toy {
    private static final Shape POINT = Shape.of(2);

    private Toy() {}

    /** Two interleaved half circles of radius 1, with normal noise of this standard deviation. */
    public static Dataset moons(int n, double noise, long seed) {
        return points(
                "moons",
                n,
                2,
                noise,
                seed,
                (label, along, to) -> {
                    double angle = Math.PI * along;
                    double side = label == 0 ? 1 : -1;
                    to[0] = side * StrictMath.cos(angle) + label;
                    to[1] = side * StrictMath.sin(angle) + 0.5 * label;
                });
    }

    /** {@code arms} spirals from the middle outwards, one turn each, one class per arm. */
    public static Dataset spirals(int n, int arms, double noise, long seed) {
        if (arms < 1) {
            throw new DataException("spirals", "%d arms; need 1 or more", arms);
        }
        return points(
                "spirals",
                n,
                arms,
                noise,
                seed,
                (label, along, to) -> {
                    double radius = 0.1 + 0.9 * along;
                    double angle = 2 * Math.PI * (along + (double) label / arms);
                    to[0] = radius * StrictMath.cos(angle);
                    to[1] = radius * StrictMath.sin(angle);
                });
    }

    /** A point of class {@code label} at {@code along}, 0 to 1, of its curve. */
    @FunctionalInterface
    private interface Curve {
        void point(int label, double along, double[] to);
    }

    private static Dataset points(
            String name, int n, int classes, double noise, long seed, Curve curve) {
        if (n < 0 || n > Integer.MAX_VALUE / 2) {
            throw new DataException(name, "%d points; need 0 to %d", n, Integer.MAX_VALUE / 2);
        }
        if (!(noise >= 0) || Double.isInfinite(noise)) {
            throw new DataException(name, "noise %s; need a finite number of 0 or more", noise);
        }
        var features = new float[2 * n];
        var labels = new int[n];
        var streams = RandomStream.of(seed, name);
        var to = new double[2];
        for (int i = 0; i < n; i++) {
            var random = streams.at(i);
            labels[i] = i % classes;
            curve.point(labels[i], random.nextDouble(), to);
            features[2 * i] = (float) (to[0] + noise * random.nextGaussian());
            features[2 * i + 1] = (float) (to[1] + noise * random.nextGaussian());
        }
        return Dataset.of(name, POINT, features, labels, classes);
    }
}
