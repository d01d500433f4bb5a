package jane.conform;

import jane.ir.Node;
import jane.ir.Op;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How each op is applied at random: with what operands and attributes. */
final class Samplers {
    private static final Map<Op<?>, Function<Draw, Node<?>>> ALL = all();

    private Samplers() {}

    /** The sampler of {@code op}; a new op needs one in its family's samples. */
    static Optional<Function<Draw, Node<?>>> of(Op<?> op) {
        return Optional.ofNullable(ALL.get(op));
    }

    private static Map<Op<?>, Function<Draw, Node<?>>> all() {
        Map<Op<?>, Function<Draw, Node<?>>> all = new IdentityHashMap<>();
        ElementSamples.addTo(all);
        AxisSamples.addTo(all);
        PartSamples.addTo(all);
        IndexSamples.addTo(all);
        NormSamples.addTo(all);
        ImageSamples.addTo(all);
        return all;
    }
}
