package jane.zoo;

import static jane.op.Elementwise.add;
import static jane.op.Elementwise.mul;

import jane.grad.Gradients;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.op.Activations;
import jane.op.Attention;
import jane.op.Contraction;
import jane.op.Elementwise;
import jane.op.Movement;
import jane.op.Reductions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One block of a Llama-like transformer, forward and backward, as a graph: RMS norm, causal
 * attention, residual, RMS norm, SwiGLU, residual. It is here to be timed and placed, in each of
 * the ways in which programs write the same block ({@link Style}).
 *
 * <p><b>Shapes.</b> x and dy (B, T, C); weights wq, wk, wv, wo (C, C), w1, w3 (F, C), w2 (C, F),
 * the other way round for {@link Weights#IN_OUT}; gains g1, g2 (C). <b>Outputs.</b> y and one
 * gradient a weight, {@code d_wq} and so on. <b>Source.</b> Touvron et al., "LLaMA", 2023; the
 * sizes of {@link Size#STORIES} are those of Karpathy's stories110M.
 *
 * @param size how large
 * @param style how it is written
 */
public record TransformerBlock(Size size, Style style) {
    private static final double EPSILON = 1e-5;

    /**
     * B, T, C, the number of heads, F.
     *
     * @param batch sequences
     * @param tokens of a sequence
     * @param dim of the model
     * @param heads that share it
     * @param hidden of the feed-forward part
     */
    public record Size(int batch, int tokens, int dim, int heads, int hidden) {
        /** Dimension 768, 12 heads, hidden 2048, 256 tokens, one sequence. */
        public static final Size STORIES = new Size(1, 256, 768, 12, 2048);

        /** FLOPs of all products, forward and both ways back: three times 2 M K N each. */
        public double flops() {
            double rows = (double) batch * tokens;
            double projections = 2 * rows * (4.0 * dim * dim + 3.0 * dim * hidden);
            return 3 * (projections + 2 * rows * 2 * tokens * dim);
        }
    }

    /** How a weight lies and which op reads it. */
    public enum Weights {
        /** {@code linear}, [out, in]. */
        LINEAR,
        /** {@code matmul} with {@code transpose_y}, [out, in]. */
        OUT_IN,
        /** {@code matmul}, [in, out]. */
        IN_OUT
    }

    /**
     * One way of many to write it.
     *
     * @param sdpa attention as one op, else as products and a softmax
     * @param pow the norm's root as {@code pow(-0.5)}, else {@code rsqrt}
     * @param silu as one op, else {@code x * sigmoid(x)}
     */
    public record Style(Weights weights, boolean sdpa, boolean pow, boolean silu, DType dtype) {
        /** Composed of small ops, [out, in] weights, fp32. */
        public static final Style PLAIN = new Style(Weights.OUT_IN, false, false, true, DType.FP32);

        /** The same with weights of another kind. */
        public Style with(Weights other) {
            return new Style(other, sdpa, pow, silu, dtype);
        }

        /** The same stored in another type. */
        public Style with(DType other) {
            return new Style(weights, sdpa, pow, silu, other);
        }
    }

    /** The graph. */
    public Graph graph() {
        var x = input(size.batch(), size.tokens(), size.dim());
        var dy = input(size.batch(), size.tokens(), size.dim());
        var w = weights();
        var y = forward(x, w);
        var inputs = new ArrayList<>(List.of(new Graph.Port("x", x), new Graph.Port("dy", dy)));
        w.forEach((name, value) -> inputs.add(new Graph.Port(name, value)));
        var outputs = new ArrayList<>(List.of(new Graph.Port("y", y)));
        var gradients = Gradients.of(y, dy, List.copyOf(w.values())).iterator();
        w.keySet().forEach(name -> outputs.add(new Graph.Port("d_" + name, gradients.next())));
        return Graph.of(inputs, outputs);
    }

    private Map<String, Value> weights() {
        int c = size.dim();
        int f = size.hidden();
        var w = new LinkedHashMap<String, Value>();
        w.put("g1", input(c));
        for (var name : List.of("wq", "wk", "wv", "wo")) {
            w.put(name, matrix(c, c));
        }
        w.put("g2", input(c));
        w.put("w1", matrix(f, c));
        w.put("w3", matrix(f, c));
        w.put("w2", matrix(c, f));
        return w;
    }

    private Value matrix(int out, int in) {
        return style.weights() == Weights.IN_OUT ? input(in, out) : input(out, in);
    }

    private Value input(int... dims) {
        return Leaf.input(new TensorType(style.dtype(), Shape.of(dims)));
    }

    private Value forward(Value x, Map<String, Value> w) {
        var a = norm(x, w.get("g1"));
        var q = heads(project(a, w.get("wq")));
        var k = heads(project(a, w.get("wk")));
        var v = heads(project(a, w.get("wv")));
        var joined = Movement.transpose(attention(q, k, v), List.of(0, 2, 1, 3));
        var h = add(x, project(Movement.reshape(joined, x.shape()), w.get("wo")));
        var b = norm(h, w.get("g2"));
        var gate = silu(project(b, w.get("w1")));
        return add(h, project(mul(gate, project(b, w.get("w3"))), w.get("w2")));
    }

    private Value norm(Value x, Value gain) {
        var mean = Reductions.mean(Elementwise.square(x), List.of(-1), true);
        var root =
                style.pow()
                        ? Elementwise.pow(
                                Elementwise.shift(mean, EPSILON), Leaf.scalar(x.dtype(), -0.5))
                        : Elementwise.rsqrt(mean, EPSILON);
        return mul(mul(x, root), gain);
    }

    private Value project(Value x, Value w) {
        return switch (style.weights()) {
            case LINEAR -> Contraction.linear(x, w);
            case OUT_IN -> Contraction.matmul(x, w, false, true);
            case IN_OUT -> Contraction.matmul(x, w);
        };
    }

    /** (B, T, C) as (B, heads, T, C / heads). */
    private Value heads(Value x) {
        int each = size.dim() / size.heads();
        var split = Movement.reshape(x, List.of(size.batch(), size.tokens(), size.heads(), each));
        return Movement.transpose(split, List.of(0, 2, 1, 3));
    }

    private Value attention(Value q, Value k, Value v) {
        if (style.sdpa()) {
            return Attention.attention(q, k, v, mask());
        }
        int each = size.dim() / size.heads();
        var scores = Contraction.matmul(q, k, false, true);
        var scaled = Elementwise.scale(scores, 1 / Math.sqrt(each));
        return Contraction.matmul(Activations.softmax(add(scaled, mask()), -1), v);
    }

    /** 0 where a token may look, a large negative number (that fp16 has) after it. */
    private Value mask() {
        int t = size.tokens();
        var values = new double[t * t];
        for (int i = 0; i < t; i++) {
            for (int j = i + 1; j < t; j++) {
                values[i * t + j] = -1e4;
            }
        }
        var type = new TensorType(style.dtype(), Shape.of(1, 1, t, t));
        return Leaf.constant(ConstData.of(type, values));
    }

    private Value silu(Value x) {
        return style.silu() ? Activations.silu(x) : mul(x, Activations.sigmoid(x));
    }
}
