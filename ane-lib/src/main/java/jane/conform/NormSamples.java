package jane.conform;

import jane.ir.DType;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Elementwise;
import jane.op.Normalisation;
import jane.op.Quantisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of normalisations and of quantisation. */
final class NormSamples {
    private NormSamples() {}

    static void addTo(Map<Op<?>, Function<Draw, Node<?>>> all) {
        all.put(Normalisation.LAYER_NORM, NormSamples::layerNorm);
        all.put(Normalisation.BATCH_NORM, NormSamples::batchNorm);
        all.put(Normalisation.INSTANCE_NORM, NormSamples::instanceNorm);
        all.put(Normalisation.L2_NORM, NormSamples::lengthNorm);
        all.put(Normalisation.LOCAL_RESPONSE_NORM, NormSamples::local);
        all.put(Quantisation.QUANTIZE, NormSamples::quantize);
        all.put(Quantisation.DEQUANTIZE, NormSamples::dequantize);
    }

    private static double epsilon(Draw d) {
        return d.smooth() ? 0.1 : d.pick(1e-5, 1e-3, 0.25);
    }

    private static Node<?> layerNorm(Draw d) {
        var dtype = d.floats();
        var x = d.input(dtype, d.shape(1, 4));
        int rank = x.shape().rank();
        var axes = new ArrayList<Integer>();
        for (int axis = 0; axis < rank; axis++) {
            if (d.chance(0.6) || axis == rank - 1 && axes.isEmpty()) {
                axes.add(d.axis(axis, rank));
            }
        }
        var inputs = new ArrayList<>(List.of(x));
        if (d.chance(0.7)) {
            var shape = Shape.of(axes.stream().map(x.shape()::dim).toList());
            inputs.add(d.input(dtype, shape));
            d.maybe(inputs, dtype, shape);
        }
        var attrs = new Normalisation.Layer(axes, epsilon(d));
        return Node.of(Normalisation.LAYER_NORM, attrs, inputs);
    }

    private static Node<?> batchNorm(Draw d) {
        var dtype = d.floats();
        var x = d.input(dtype, d.shape(2, 5));
        var channels = Shape.of(x.shape().dim(1));
        var inputs = new ArrayList<Value>();
        inputs.add(x);
        inputs.add(d.input(dtype, channels));
        inputs.add(d.input(new TensorType(dtype, channels), Draw.Kind.POSITIVE));
        return withGain(d, Normalisation.BATCH_NORM, inputs, channels);
    }

    private static Node<?> instanceNorm(Draw d) {
        var x = d.input(d.floats(), d.shape(3, 5));
        return withGain(
                d,
                Normalisation.INSTANCE_NORM,
                new ArrayList<>(List.of(x)),
                Shape.of(x.shape().dim(1)));
    }

    private static Node<?> withGain(
            Draw d, Op<Elementwise.Epsilon> op, List<Value> inputs, Shape channels) {
        var dtype = inputs.get(0).dtype();
        if (d.chance(0.7)) {
            inputs.add(d.input(dtype, channels));
            d.maybe(inputs, dtype, channels);
        }
        return Node.of(op, new Elementwise.Epsilon(epsilon(d)), inputs);
    }

    private static Node<?> lengthNorm(Draw d) {
        var x = d.input(d.floats(), d.shape(3, 5));
        var attrs = new Elementwise.Epsilon(epsilon(d));
        return Node.of(Normalisation.L2_NORM, attrs, List.of(x));
    }

    private static Node<?> local(Draw d) {
        var x = d.input(d.floats(), d.shape(3, 4));
        var attrs =
                new Normalisation.Local(
                        d.between(1, 6),
                        d.pick(1e-4, 0.5, 1.0),
                        d.pick(0.75, 0.5, 1.0),
                        d.pick(1.0, 2.0));
        return Node.of(Normalisation.LOCAL_RESPONSE_NORM, attrs, List.of(x));
    }

    private static Node<?> quantize(Draw d) {
        var dtype = d.floats();
        var output = d.pick(DType.INT8, DType.UINT8);
        var x = d.input(dtype, d.shape(1, 4));
        var axis = axis(d, x);
        var one = parameters(x, axis);
        var inputs = new ArrayList<Value>();
        inputs.add(x);
        inputs.add(d.input(new TensorType(dtype, one), Draw.Kind.POSITIVE));
        d.maybe(inputs, output, one);
        return Node.of(Quantisation.QUANTIZE, new Quantisation.Quantize(output, axis), inputs);
    }

    private static Node<?> dequantize(Draw d) {
        var dtype = d.floats();
        var x = d.input(d.pick(DType.INT8, DType.UINT8), d.shape(1, 4));
        var axis = axis(d, x);
        var one = parameters(x, axis);
        var inputs = new ArrayList<Value>();
        inputs.add(x);
        inputs.add(d.input(dtype, one));
        d.maybe(inputs, x.dtype(), one);
        return Node.of(Quantisation.DEQUANTIZE, axis, inputs);
    }

    private static Quantisation.Scales axis(Draw d, Value x) {
        int rank = x.shape().rank();
        return d.chance(0.5)
                ? Quantisation.Scales.along(d.axis(d.between(0, rank - 1), rank))
                : Quantisation.Scales.ONE;
    }

    private static Shape parameters(Value x, Quantisation.Scales scales) {
        return scales.perAxis() ? Shape.of(x.shape().dim(scales.axis())) : Shape.SCALAR;
    }
}
