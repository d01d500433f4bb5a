package jane.op;

import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;

/** Attention. L, S: target and source positions; E, Ev: length of a key and of a value. */
public final class Attention {
    /**
     * {@code softmax(q k' / sqrt(E) + mask) v}. A bool mask keeps where it is true; a row of which
     * nothing is kept is NaN. Shapes: query (..., L, E), key (..., S, E), value (..., S, Ev), mask
     * broadcasts to (..., L, S), y (..., L, Ev). Source: MIL, iOS 18.
     */
    public static final Op<NoAttrs> SDPA =
            OpDef.<NoAttrs>named("scaled_dot_product_attention")
                    .type((a, in) -> List.of(type(in)))
                    .is(Attention::composed)
                    .mil(
                            Spelling.<NoAttrs>of("scaled_dot_product_attention")
                                    .operand("query")
                                    .operand("key")
                                    .operand("value")
                                    .optional("attn_mask", 0)
                                    .build(a -> NoAttrs.NONE))
                    .reference((a, in, out) -> loop(in, out))
                    .flops(Attention::flops)
                    .build();

    static final List<Op<?>> ALL = List.of(SDPA);

    private Attention() {}

    /** Attention without a mask. */
    public static Value attention(Value query, Value key, Value value) {
        return Node.of(SDPA, NoAttrs.NONE, List.of(query, key, value)).out();
    }

    /** Attention with a mask, bool or added to the scores. */
    public static Value attention(Value query, Value key, Value value, Value mask) {
        return Node.of(SDPA, NoAttrs.NONE, List.of(query, key, value, mask)).out();
    }

    private static TensorType type(List<TensorType> in) {
        String op = "scaled_dot_product_attention";
        var q = Types.floats(op, in.get(0));
        Types.sameDtype(op, q, in.get(1));
        Types.sameDtype(op, q, in.get(2));
        int rank = q.shape().rank();
        var k = in.get(1).shape();
        var v = in.get(2).shape();
        boolean fits =
                rank >= 3
                        && k.rank() == rank
                        && v.rank() == rank
                        && k.slice(0, rank - 2).equals(q.shape().slice(0, rank - 2))
                        && v.slice(0, rank - 2).equals(q.shape().slice(0, rank - 2))
                        && k.dim(-1) == q.shape().dim(-1)
                        && k.dim(-2) == v.dim(-2);
        if (!fits) {
            throw new ShapeException(
                    op,
                    "query %s, key %s, value %s; need (..., L, E), (..., S, E), (..., S, Ev) of one"
                            + " rank, 3 or more, and one batch",
                    q.shape(),
                    k,
                    v);
        }
        if (in.size() > 3) {
            checkMask(op, q, q.shape().with(-1, k.dim(-2)), in.get(3));
        }
        return q.as(q.shape().with(-1, v.dim(-1)));
    }

    private static void checkMask(String op, TensorType q, Shape scores, TensorType mask) {
        if (mask.dtype() != DType.BOOL) {
            Types.sameDtype(op, q, mask);
        }
        if (!Shape.broadcast(mask.shape(), scores, op).equals(scores)) {
            throw new ShapeException(
                    op, "mask %s for scores %s; need one that broadcasts", mask.shape(), scores);
        }
    }

    private static Value composed(Node<NoAttrs> n) {
        var q = n.in(0);
        // scaled first: the scores of fp16 operands may be beyond fp16
        var scaled = Elementwise.scale(q, 1 / Math.sqrt(q.shape().dim(-1)));
        var scores = Contraction.matmul(scaled, n.in(1), false, true);
        if (n.inputs().size() > 3) {
            var mask = n.in(3);
            scores =
                    mask.dtype() == DType.BOOL
                            ? Logic.select(
                                    mask, scores, Elementwise.like(q, Double.NEGATIVE_INFINITY))
                            : Elementwise.add(scores, mask);
        }
        return Contraction.matmul(Activations.softmax(scores, -1), n.in(2));
    }

    private static long flops(Node<NoAttrs> n) {
        long scores = (long) n.in(0).shape().slice(0, n.in(0).shape().rank() - 1).size();
        scores *= n.in(1).shape().dim(-2);
        return scores * (2L * n.in(0).shape().dim(-1) + 2L * n.in(2).shape().dim(-1) + 6);
    }

    private static void loop(List<Dense> in, Dense y) {
        var q = in.get(0);
        var k = in.get(1);
        var v = in.get(2);
        int targets = q.shape().dim(-2);
        int length = q.shape().dim(-1);
        int sources = k.shape().dim(-2);
        int wide = v.shape().dim(-1);
        var scoreShape = q.shape().with(-1, sources);
        for (int row = 0; row < y.data().length / Math.max(1, wide); row++) {
            int batch = row / targets;
            var scores = new double[sources];
            for (int s = 0; s < sources; s++) {
                double dot = 0;
                for (int e = 0; e < length; e++) {
                    dot += q.get(row * length + e) * k.get((batch * sources + s) * length + e);
                }
                scores[s] = masked(dot / Math.sqrt(length), in, row * sources + s, scoreShape);
            }
            var weights = softmax(scores);
            for (int e = 0; e < wide; e++) {
                double sum = 0;
                for (int s = 0; s < sources; s++) {
                    sum += weights[s] * v.get((batch * sources + s) * wide + e);
                }
                y.data()[row * wide + e] = sum;
            }
        }
    }

    private static double masked(double score, List<Dense> in, int flat, Shape scores) {
        if (in.size() <= 3) {
            return score;
        }
        var mask = in.get(3);
        double m = mask.get(Index.broadcast(Index.unravel(flat, scores), mask.shape()));
        if (mask.type().dtype() == DType.BOOL) {
            return m != 0 ? score : Double.NEGATIVE_INFINITY;
        }
        return score + m;
    }

    private static double[] softmax(double[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double s : scores) {
            max = Math.max(max, s);
        }
        double sum = 0;
        var weights = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            weights[i] = Math.exp(scores[i] - max);
            sum += weights[i];
        }
        for (int i = 0; i < scores.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
