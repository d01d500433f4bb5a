package jane.engine.cpu;

import jane.ir.Half;
import java.util.Arrays;

/**
 * What a fused kernel can do to a stretch of floats: one loop each, in the form the JIT vectorises.
 * {@code d} may be one of the operands. Bools are 0 and 1. {@code enum jane_lane} in {@code
 * jane_kernels.h} has the same lanes in the same order, and C computes the same bits.
 */
enum Lane {
    ADD {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] + b[i];
            }
        }
    },
    SUB {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] - b[i];
            }
        }
    },
    MUL {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] * b[i];
            }
        }
    },
    /** {@code a * p}. */
    SCALE {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] * p;
            }
        }
    },
    /** {@code a + p}. */
    SHIFT {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] + p;
            }
        }
    },
    DIV {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] / b[i];
            }
        }
    },
    MAX {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Math.max(a[i], b[i]);
            }
        }
    },
    MIN {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Math.min(a[i], b[i]);
            }
        }
    },
    /** {@code min(max(a, p), q)}. */
    CLAMP {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Math.min(Math.max(a[i], p), q);
            }
        }
    },
    POW {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Power.of(a[i], b[i]);
            }
        }
    },
    ABS {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Math.abs(a[i]);
            }
        }
    },
    SIGN {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Math.signum(a[i]);
            }
        }
    },
    SQUARE {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = a[i] * a[i];
            }
        }
    },
    SQRT {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = (float) Math.sqrt(a[i]);
            }
        }
    },
    /** {@code 1 / sqrt(a + p)}. */
    RSQRT {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = 1 / (float) Math.sqrt(a[i] + p);
            }
        }
    },
    /** {@code log(a + p)}. */
    LOG {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Curves.log(a[i] + p);
            }
        }
    },
    /** e^a; {@code b} is working space, as in all lanes that say {@link #needsRoom}. */
    EXP {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.exp(d, a, b, n);
        }
    },
    SIGMOID {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.sigmoid(d, a, b, n);
        }
    },
    TANH {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.tanh(d, a, n);
        }
    },
    ERF {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.erf(d, a, n);
        }
    },
    SILU {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.scaledSigmoid(d, a, b, 1, n);
        }
    },
    GELU_EXACT {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.geluExact(d, a, b, n);
        }
    },
    GELU_TANH {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.geluTanh(d, a, b, n);
        }
    },
    GELU_SIGMOID {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            Curves.scaledSigmoid(d, a, b, 1.702f, n);
        }
    },
    // Comparisons go through integer bits: a branch on random data would cost more than the rest.
    EQUAL {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Float.intBitsToFloat(a[i] == b[i] ? ONE : 0);
            }
        }
    },
    NOT_EQUAL {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Float.intBitsToFloat(a[i] == b[i] ? 0 : ONE);
            }
        }
    },
    LESS {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Float.intBitsToFloat(a[i] < b[i] ? ONE : 0);
            }
        }
    },
    LESS_EQUAL {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Float.intBitsToFloat(a[i] <= b[i] ? ONE : 0);
            }
        }
    },
    /** {@code a != 0}: to bool. */
    TRUTH {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Float.intBitsToFloat(a[i] == 0 ? 0 : ONE);
            }
        }
    },
    NOT {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = 1 - a[i];
            }
        }
    },
    /** {@code a ? b : c}. */
    SELECT {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                int mask = -(int) a[i];
                int yes = Float.floatToRawIntBits(b[i]) & mask;
                d[i] = Float.intBitsToFloat(yes | Float.floatToRawIntBits(c[i]) & ~mask);
            }
        }
    },
    MOVE {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            System.arraycopy(a, 0, d, 0, n);
        }
    },
    /** To the nearest half. */
    ROUND_HALF {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = Half.round(a[i]);
            }
        }
    },
    // From lines of q elements to one number each, and back; n counts lines.
    /** The sum of each line, divided by {@code p}. */
    LINE_SUM {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = (float) (Folding.sum(a, i * (int) q, (int) q) / p);
            }
        }
    },
    /** One over the sum of each line. */
    LINE_SHARE {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = (float) (1 / Folding.sum(a, i * (int) q, (int) q));
            }
        }
    },
    LINE_MAX {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = (float) Folding.max(a, i * (int) q, (int) q);
            }
        }
    },
    LINE_MIN {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                d[i] = (float) Folding.min(a, i * (int) q, (int) q);
            }
        }
    },
    /** A line of each number. */
    SPREAD {
        @Override
        void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n) {
            for (int i = 0; i < n; i++) {
                Arrays.fill(d, i * (int) q, (i + 1) * (int) q, a[i]);
            }
        }
    };

    private static final int ONE = Float.floatToRawIntBits(1);

    /** Computes elements 0 to {@code n - 1}; operands a lane does not use may be any array. */
    abstract void run(float[] d, float[] a, float[] b, float[] c, float p, float q, int n);

    /** How many of a, b and c the lane reads. */
    int operands() {
        return switch (this) {
            case ADD, SUB, MUL, DIV, MAX, MIN, POW, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> 2;
            case SELECT -> 3;
            default -> 1;
        };
    }

    /** Whether {@code b} must be a free array of its own. */
    boolean needsRoom() {
        return switch (this) {
            case EXP, SIGMOID, SILU, GELU_EXACT, GELU_TANH, GELU_SIGMOID -> true;
            default -> false;
        };
    }
}
