package jane.target;

import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import jane.mil.MilParser;
import jane.mil.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Predicts how long programs take on a target: {@code dispatch + ports/bandwidth + sum over ops of
 * max(flops/peak, weights/bandwidth + spill/bandwidth)}. A value that is larger than the chip's
 * memory leaves it and comes back: that is its spill; matrices of a batch count one by one. A
 * constant that fits is streamed once, however many ops read it. int8 counts as fp16.
 */
public final class CostModel {
    private static final Set<String> CONVOLUTIONS = Set.of("conv", "conv_transpose");
    private static final Set<String> PRODUCTS = Set.of("matmul", "linear", "einsum");
    private static final Set<String> IMAGES =
            Set.of("conv", "conv_transpose", "max_pool", "avg_pool", "batch_norm", "instance_norm");

    private final Target target;
    private final List<Constant> constants;
    private final Map<Quantity, Double> values = new EnumMap<>(Quantity.class);

    private CostModel(Target target, List<Constant> constants) {
        this.target = target;
        this.constants = constants;
        constants.forEach(c -> values.put(c.quantity(), c.value()));
    }

    static CostModel of(Target target) {
        return new CostModel(target, CostTable.of(target));
    }

    /** Every number the model uses, with its source. */
    public List<Constant> constants() {
        return constants;
    }

    /** One number, in its unit. */
    public double value(Quantity quantity) {
        return values.get(quantity);
    }

    /** The cost of a program, parsed. */
    public ProgramCost of(Program program) {
        return of(MilParser.parse(program));
    }

    /** The cost of a graph. */
    public ProgramCost of(Graph graph) {
        var ports = Collections.<Value>newSetFromMap(new IdentityHashMap<>());
        graph.inputs().forEach(p -> ports.add(p.value()));
        graph.outputs().forEach(p -> ports.add(p.value()));
        long portBytes = ports.stream().mapToLong(v -> v.type().sizeBytes()).sum();
        var images = images(graph);
        var streamed = Collections.<Value>newSetFromMap(new IdentityHashMap<>());
        var ops = new ArrayList<OpCost>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            var node = graph.nodes().get(i);
            if (node.op() != Leaf.CONST) {
                String name = graph.names().getOrDefault(node.out(), "");
                long weights = weights(node, streamed);
                ops.add(cost(node, i, name, weights, spill(node, ports, images)));
            }
        }
        return new ProgramCost(
                target.name(),
                value(Quantity.DISPATCH),
                portBytes,
                micros(portBytes, Quantity.SURFACE_BANDWIDTH),
                ops);
    }

    private OpCost cost(Node<?> node, int position, String name, long weights, long spill) {
        return new OpCost(
                position,
                name,
                node.op().name(),
                node.flops(),
                weights,
                spill,
                computeMicros(node),
                micros(weights, Quantity.WEIGHT_BANDWIDTH)
                        + micros(spill, Quantity.SURFACE_BANDWIDTH));
    }

    /** Bytes of constants that this op has to stream. */
    private long weights(Node<?> node, Set<Value> streamed) {
        long bytes = 0;
        for (var in : node.inputs()) {
            boolean fits = in.type().sizeBytes() <= value(Quantity.RESIDENCY) * 1e6;
            boolean stays = in.isConst() && !streamed.add(in) && fits;
            bytes += in.isConst() && !stays ? in.type().sizeBytes() : 0;
        }
        return bytes;
    }

    private long spill(Node<?> node, Set<Value> ports, Set<Value> images) {
        long bytes = 0;
        for (var in : node.inputs()) {
            bytes += in.isConst() ? 0 : spill(in, ports, images);
        }
        for (var out : node.outputs()) {
            bytes += spill(out, ports, images);
        }
        return bytes;
    }

    /** GB/s are bytes per nanosecond. */
    private double micros(long bytes, Quantity bandwidth) {
        return bytes / value(bandwidth) / 1e3;
    }

    private double computeMicros(Node<?> node) {
        String op = node.op().name();
        if (CONVOLUTIONS.contains(op)) {
            return node.flops() / value(Quantity.CONV_PEAK) / 1e6;
        }
        if (PRODUCTS.contains(op)) {
            boolean beyond = node.bytes() > value(Quantity.CLIFF_SIZE) * 1e6;
            double share = beyond ? value(Quantity.CLIFF_SHARE) : 1;
            return node.flops() / (share * value(Quantity.MATMUL_PEAK)) / 1e6;
        }
        // Elementwise ops run in the pass of what feeds them; only reductions need one of their
        // own.
        return isReduction(op)
                ? node.in(0).shape().size() / value(Quantity.REDUCTION_RATE) / 1e3
                : 0;
    }

    private static boolean isReduction(String op) {
        return op.startsWith("reduce_") || op.endsWith("_norm") || op.equals("softmax");
    }

    /** Bytes of a value that does not stay on the chip; ports are counted once, by themselves. */
    private long spill(Value value, Set<Value> ports, Set<Value> images) {
        long tile = value.type().sizeBytes();
        int rank = value.shape().rank();
        if (rank > 2 && value.shape().size() > 0) {
            int batch = images.contains(value) ? 1 : rank - 2;
            tile /= value.shape().slice(0, batch).size();
        }
        boolean stays = tile <= value(Quantity.RESIDENCY) * 1e6;
        return stays || ports.contains(value) ? 0 : value.type().sizeBytes();
    }

    /** Values that an image op reads or makes: their tile is one image, not one matrix. */
    private static Set<Value> images(Graph graph) {
        var images = Collections.<Value>newSetFromMap(new IdentityHashMap<>());
        for (var node : graph.nodes()) {
            if (IMAGES.contains(node.op().name())) {
                images.addAll(node.inputs());
                images.addAll(node.outputs());
            }
        }
        return images;
    }
}
