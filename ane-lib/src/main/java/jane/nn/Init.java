package jane.nn;

import jane.ir.Shape;
import jane.tensor.Session;
import jane.tensor.Tensor;

/** First weights, drawn from the session's seed. */
public final class Init {
    private Init() {}

    /**
     * Uniform within 1/sqrt(fanIn) of 0.
     *
     * @param fanIn how many inputs each output sums over
     */
    public static Tensor uniform(int fanIn, int... dims) {
        float bound = (float) (1 / Math.sqrt(Math.max(1, fanIn)));
        var values = new float[Shape.of(dims).size()];
        Session.current().stream("init").fillUniform(values, -bound, bound);
        return Tensor.of(Shape.of(dims), values);
    }

    /** Normal with deviation sqrt(2/fanIn), which keeps the size of relu's outputs (He, 2015). */
    public static Tensor he(int fanIn, int... dims) {
        var values = new float[Shape.of(dims).size()];
        float deviation = (float) Math.sqrt(2.0 / Math.max(1, fanIn));
        Session.current().stream("init").fillNormal(values, 0, deviation);
        return Tensor.of(Shape.of(dims), values);
    }
}
