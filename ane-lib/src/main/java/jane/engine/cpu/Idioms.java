package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Node;
import jane.ir.Rewriter;
import jane.ir.Shape;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Convolution;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Movement;
import jane.op.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what a program has to say in several ops, because MIL has no word for it, and one kernel
 * does: the gradient of a pooling, that and a ReLU's, a convolution with bias and ReLU.
 *
 * <pre>
 * slices, equal, select, pad, add, interleave   ->  pool_gradient(x, y, dy)
 * select(x > 0, pool_gradient(x, y, dy), 0)     ->  pool_gradient(x, y, dy), with relu
 * relu(conv(x, w) + b), relu(conv(x, w, b))     ->  conv_bias(x, w, b), with relu
 * </pre>
 *
 * <p>A gradient is recognised as whatever the op's own rule builds, so it may change there alone.
 * Results in fp16 would be rounded between the ops: only fp32 is taken.
 */
final class Idioms {
    /** More taps make too many nodes to look at. */
    private static final int MAX_TAPS = 64;

    private final Graph graph;
    private final Numbering numbering;
    private final Map<Value, Integer> readers;

    private Idioms(Graph graph) {
        this.graph = graph;
        numbering = new Numbering(graph);
        readers = graph.readers();
    }

    /** A value and what is to stand for it. */
    private record Find(Value old, Value replacement) {}

    /** {@code graph} with all idioms replaced. */
    static Graph replace(Graph graph) {
        while (true) {
            var find = new Idioms(graph).find();
            if (find.isEmpty()) {
                return graph;
            }
            var old = find.get().old().node();
            var now = List.of(find.get().replacement());
            graph = Rewriter.rewrite(graph, node -> node == old ? now : node.outputs());
        }
    }

    private Optional<Find> find() {
        return graph.nodes().stream()
                .filter(n -> n.outputs().size() == 1 && n.out().dtype() == DType.FP32)
                .flatMap(n -> find(n).stream())
                .findFirst();
    }

    private Optional<Find> find(Node<?> node) {
        if (node.op() == Pooling.MAX_POOL || node.op() == Pooling.AVG_POOL) {
            return poolGradient(node, (Pooling.Pool) node.attrs());
        }
        if (node.op() == Convolution.CONV && node.inputs().size() == 3) {
            return ownBias(node);
        }
        if (node.op() == Logic.SELECT) {
            return reluGradient(node);
        }
        if (node.op() == Activations.RELU && node.in(0).node().op() == PlanOp.CONV_BIAS) {
            return relu(node);
        }
        return node.op() == Elementwise.ADD ? bias(node) : Optional.empty();
    }

    private Optional<Find> poolGradient(Node<?> pool, Pooling.Pool attrs) {
        long taps = 1;
        for (int k : attrs.kernel()) {
            taps *= k;
        }
        if (attrs.kernel().size() != 2 || attrs.ceilMode() || taps > MAX_TAPS) {
            return Optional.empty();
        }
        boolean max = pool.op() == Pooling.MAX_POOL;
        var x = pool.in(0);
        for (var dy : cotangents(pool, max)) {
            var over = max ? List.of(x, pool.out(), dy) : List.of(dy);
            var dx = numbering.find(over, pool.vjp(List.of(dy)).get(0));
            if (dx.isPresent() && dx.get().type().equals(x.type()) && !over.contains(dx.get())) {
                var kept = new PlanOp.PoolGradient(attrs, max, x.type(), false);
                var node = Node.of(PlanOp.POOL_GRADIENT, kept, over);
                return Optional.of(new Find(dx.get(), node.out()));
            }
        }
        return Optional.empty();
    }

    /** What may be the cotangent of a pooling: what a first tap selects, what is shared out. */
    private List<Value> cotangents(Node<?> pool, boolean max) {
        var found = new ArrayList<Value>();
        for (var node : graph.nodes()) {
            boolean selects =
                    node.op() == Logic.SELECT
                            && node.in(0).node().op() == Logic.EQUAL
                            && node.in(0).node().in(1) == pool.out();
            boolean shares = node.op() == Elementwise.MUL && node.in(1).isConst();
            var dy = selects ? node.in(1) : shares && !max ? node.in(0) : pool.out();
            if (dy != pool.out() && dy.type().equals(pool.out().type()) && !found.contains(dy)) {
                found.add(dy);
            }
        }
        return found;
    }

    private Optional<Find> reluGradient(Node<?> select) {
        var hit = select.in(0).node();
        var gradient = select.in(1);
        boolean fits =
                hit.op() == Logic.GREATER
                        && gradient.node().attrs() instanceof PlanOp.PoolGradient a
                        && a.max()
                        && !a.relu()
                        && hit.in(0) == gradient.node().in(0)
                        && readers.get(gradient) == 1
                        && Numbering.isUniform(hit.in(1), 0)
                        && Numbering.isUniform(select.in(2), 0);
        if (!fits) {
            return Optional.empty();
        }
        var a = (PlanOp.PoolGradient) gradient.node().attrs();
        var both = new PlanOp.PoolGradient(a.pool(), true, a.image(), true);
        var inputs = gradient.node().inputs();
        return Optional.of(
                new Find(select.out(), Node.of(PlanOp.POOL_GRADIENT, both, inputs).out()));
    }

    /** {@code conv + bias}, with the bias on either side. */
    private Optional<Find> bias(Node<?> add) {
        for (int i = 0; i < 2; i++) {
            var conv = add.in(i);
            var bias = add.in(1 - i);
            if (conv.node().op() == Convolution.CONV
                    && conv.node().inputs().size() == 2
                    && conv.shape().rank() == 4
                    && readers.get(conv) == 1
                    && conv.type().equals(add.out().type())
                    && bias.shape().equals(Shape.of(1, conv.shape().dim(1), 1, 1))) {
                var attrs = new PlanOp.Biased((Convolution.Conv) conv.node().attrs(), false);
                var inputs = List.of(conv.node().in(0), conv.node().in(1), bias);
                return Optional.of(
                        new Find(add.out(), Node.of(PlanOp.CONV_BIAS, attrs, inputs).out()));
            }
        }
        return Optional.empty();
    }

    /** A convolution with a bias of its own, [Co]. */
    private Optional<Find> ownBias(Node<?> conv) {
        var shape = conv.out().shape();
        if (shape.rank() != 4) {
            return Optional.empty();
        }
        var bias = Movement.reshape(conv.in(2), Shape.of(1, shape.dim(1), 1, 1));
        var attrs = new PlanOp.Biased((Convolution.Conv) conv.attrs(), false);
        var inputs = List.of(conv.in(0), conv.in(1), bias);
        return Optional.of(new Find(conv.out(), Node.of(PlanOp.CONV_BIAS, attrs, inputs).out()));
    }

    private Optional<Find> relu(Node<?> relu) {
        var conv = relu.in(0);
        var attrs = (PlanOp.Biased) conv.node().attrs();
        if (attrs.relu() || readers.get(conv) != 1) {
            return Optional.empty();
        }
        var both = new PlanOp.Biased(attrs.conv(), true);
        var inputs = conv.node().inputs();
        return Optional.of(new Find(relu.out(), Node.of(PlanOp.CONV_BIAS, both, inputs).out()));
    }
}
