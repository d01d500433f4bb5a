package jane.tensor;

import jane.compile.HalfPrecision;
import jane.compile.TrainableConvolution;
import jane.ir.DType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** Tensors computed in fp16 from leaves that stay as they are, such as fp32 parameters. */
public final class MixedPrecision {
    private MixedPrecision() {}

    /** The same tensors as the engine in use would have them: its precision, its convolutions. */
    public static List<Tensor> asEngine(List<Tensor> tensors) {
        var engine = Session.current().engine();
        return rewrite(
                tensors,
                (values, known) -> {
                    var now = values;
                    if (engine.target().isPresent()) {
                        now = TrainableConvolution.rewrite(now, known);
                    }
                    return engine.precision() == DType.FP16
                            ? HalfPrecision.rewrite(now, known)
                            : now;
                });
    }

    /**
     * The same tensors as a target has them, whichever engine is in use: fp16 between ops,
     * convolutions whose weight changes as products.
     */
    public static List<Tensor> asTarget(List<Tensor> tensors) {
        return rewrite(
                tensors,
                (values, known) ->
                        HalfPrecision.rewrite(TrainableConvolution.rewrite(values, known), known));
    }

    /**
     * The same tensors with fp16 between the ops that they are made of: see {@link HalfPrecision}.
     * Gradients reach the leaves in the leaves' own type.
     */
    public static List<Tensor> half(List<Tensor> tensors) {
        return rewrite(tensors, HalfPrecision::rewrite);
    }

    private static List<Tensor> rewrite(
            List<Tensor> tensors, BiFunction<List<Value>, Set<Value>, List<Value>> rule) {
        var leaves = Capture.leaves(tensors);
        Set<Value> known = Collections.newSetFromMap(new IdentityHashMap<>());
        leaves.forEach(leaf -> known.add(leaf.value()));
        var values = rule.apply(tensors.stream().map(Tensor::value).toList(), known);
        var results = new ArrayList<Tensor>();
        for (int i = 0; i < tensors.size(); i++) {
            results.add(new Tensor(values.get(i), leaves, tensors.get(i).isTracked()));
        }
        return results;
    }
}
