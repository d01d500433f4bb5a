package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Half;
import jane.ir.Node;
import jane.ir.Op;
import jane.op.Activations;
import jane.op.Elementwise;
import jane.op.Logic;
import java.util.Map;

/** Which {@link Lane} computes an op, and with which parameters. */
final class Instructions {
    /** A lane with its parameters; with {@code swap}, operands 0 and 1 change places. */
    record Instruction(Lane lane, float p, float q, boolean swap) {
        static Instruction of(Lane lane) {
            return new Instruction(lane, 0, 0, false);
        }
    }

    private static final Map<Op<?>, Instruction> FIXED =
            Map.ofEntries(
                    entry(Elementwise.ADD, Lane.ADD),
                    entry(Elementwise.SUB, Lane.SUB),
                    entry(Elementwise.MUL, Lane.MUL),
                    entry(Elementwise.REAL_DIV, Lane.DIV),
                    entry(Elementwise.MAXIMUM, Lane.MAX),
                    entry(Elementwise.MINIMUM, Lane.MIN),
                    entry(Elementwise.POW, Lane.POW),
                    entry(Elementwise.ABS, Lane.ABS),
                    entry(Elementwise.SIGN, Lane.SIGN),
                    entry(Elementwise.SQUARE, Lane.SQUARE),
                    entry(Elementwise.EXP, Lane.EXP),
                    entry(Elementwise.SQRT, Lane.SQRT),
                    entry(Elementwise.IDENTITY, Lane.MOVE),
                    entry(Activations.SIGMOID, Lane.SIGMOID),
                    entry(Activations.TANH, Lane.TANH),
                    entry(Activations.ERF, Lane.ERF),
                    entry(Activations.SILU, Lane.SILU),
                    entry(Logic.EQUAL, Lane.EQUAL),
                    entry(Logic.NOT_EQUAL, Lane.NOT_EQUAL),
                    entry(Logic.LESS, Lane.LESS),
                    entry(Logic.LESS_EQUAL, Lane.LESS_EQUAL),
                    Map.entry(Logic.GREATER, new Instruction(Lane.LESS, 0, 0, true)),
                    Map.entry(Logic.GREATER_EQUAL, new Instruction(Lane.LESS_EQUAL, 0, 0, true)),
                    entry(Logic.LOGICAL_NOT, Lane.NOT),
                    entry(Logic.SELECT, Lane.SELECT));

    private Instructions() {}

    private static Map.Entry<Op<?>, Instruction> entry(Op<?> op, Lane lane) {
        return Map.entry(op, Instruction.of(lane));
    }

    /** Whether a fused kernel can hold the node: a known op on float types and bool only. */
    static boolean has(Node<?> node) {
        return known(node)
                && !node.out().dtype().isInt()
                && node.inputs().stream().noneMatch(v -> v.dtype().isInt());
    }

    private static boolean known(Node<?> node) {
        var op = node.op();
        return FIXED.containsKey(op)
                || op == Elementwise.LOG
                || op == Elementwise.RSQRT
                || op == Elementwise.CLIP
                || op == Activations.RELU
                || op == Activations.GELU
                || op == Logic.CAST;
    }

    /** The instruction for a node that {@link #has} one. Rounding to fp16 comes on top. */
    static Instruction of(Node<?> node) {
        var fixed = FIXED.get(node.op());
        if (fixed != null) {
            return fixed;
        }
        if (node.attrs() instanceof Elementwise.Epsilon a) {
            var lane = node.op() == Elementwise.LOG ? Lane.LOG : Lane.RSQRT;
            return new Instruction(lane, (float) a.epsilon(), 0, false);
        }
        if (node.attrs() instanceof Elementwise.Bounds a) {
            return new Instruction(Lane.CLAMP, (float) a.alpha(), (float) a.beta(), false);
        }
        if (node.attrs() instanceof Activations.Gelu a) {
            return Instruction.of(
                    switch (a.mode()) {
                        case EXACT -> Lane.GELU_EXACT;
                        case TANH_APPROXIMATION -> Lane.GELU_TANH;
                        case SIGMOID_APPROXIMATION -> Lane.GELU_SIGMOID;
                    });
        }
        if (node.attrs() instanceof Logic.To a) {
            return Instruction.of(a.dtype() == DType.BOOL ? Lane.TRUTH : Lane.MOVE);
        }
        return new Instruction(Lane.CLAMP, 0, Float.POSITIVE_INFINITY, false); // relu
    }

    /** Whether a result of {@code node} has to be rounded to fp16 after its lane. */
    static boolean rounds(Node<?> node) {
        boolean exact = node.op() == Elementwise.IDENTITY || node.op() == Logic.SELECT;
        return node.out().dtype() == DType.FP16 && !exact;
    }

    /** {@code value} as a float of type {@code dtype}. */
    static float constant(DType dtype, double value) {
        return dtype == DType.FP16 ? Half.toFloat(Half.fromDouble(value)) : (float) value;
    }
}
