package jane.conform;

import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Random valid applications of every op, for all tests that walk {@link jane.op.Ops#all()}: ugly
 * sizes, broadcasts, negative axes, every attribute varied. The same generator state gives the same
 * sample.
 */
public final class OpSamples {
    /** What the values are for. */
    public enum Mode {
        /**
         * Ordinary numbers in the op's domain, with ties and zeros among them; fp32, fp16, int32.
         */
        RANDOM,
        /** Small fp32 samples away from kinks, ties and poles: for finite differences. */
        SMOOTH,
        /** As RANDOM, half of the floats NaN, infinite, subnormal, huge, signed zero. */
        UGLY
    }

    /** One node on placeholders, and what to feed them. */
    public static final class Sample {
        private final Node<?> node;
        private final List<Graph.Port> inputs;
        private final Map<String, Dense> feeds;

        private Sample(Node<?> node, SampleDraw draw) {
            this.node = node;
            this.inputs = List.copyOf(draw.ports());
            this.feeds = draw.feeds();
        }

        /** The application of the op. */
        public Node<?> node() {
            return node;
        }

        /** Placeholders x0, x1, ... in the op's order. */
        public List<Graph.Port> inputs() {
            return inputs;
        }

        /** Values by placeholder name, rounded to the placeholder's type. */
        public Map<String, Dense> feeds() {
            return feeds;
        }

        /** Values by placeholder. */
        public Map<Value, Dense> point() {
            Map<Value, Dense> point = new LinkedHashMap<>();
            inputs.forEach(p -> point.put(p.value(), feeds.get(p.name())));
            return point;
        }

        /** From the placeholders to the node's results, named y, y1, y2, ... */
        public Graph graph() {
            return graph(node.outputs());
        }

        /** From the placeholders to values that stand for the node's results. */
        public Graph graph(List<Value> results) {
            var outputs = new ArrayList<Graph.Port>();
            for (var result : results) {
                String number = outputs.isEmpty() ? "" : "" + outputs.size();
                outputs.add(new Graph.Port("y" + number, result));
            }
            return Graph.of(inputs, outputs);
        }

        /** The reference kernel's results. */
        public Map<String, Dense> expectedAll() {
            return graph().reference(feeds);
        }

        /** The reference kernel's first result. */
        public Dense expected() {
            return expectedAll().get("y");
        }

        @Override
        public String toString() {
            var types = node.inputs().stream().map(Value::type).toList();
            return node.op().name() + " " + node.attrs() + " " + types + " -> " + node.out().type();
        }
    }

    private OpSamples() {}

    /** A sample in {@link Mode#RANDOM}. */
    public static Sample sample(Op<?> op, RandomGenerator random) {
        return sample(op, Mode.RANDOM, random);
    }

    /**
     * A random application of {@code op}.
     *
     * @throws JaneException if the op has no sampler: a new op needs one
     */
    public static Sample sample(Op<?> op, Mode mode, RandomGenerator random) {
        var sampler = Samplers.of(op).orElse(null);
        if (sampler == null) {
            throw new JaneException(
                    "samples", "no sampler for op %s; add one to its family's samples", op.name());
        }
        var draw = new SampleDraw(mode, random);
        return new Sample(sampler.apply(draw), draw);
    }
}
