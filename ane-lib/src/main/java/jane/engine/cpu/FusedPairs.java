package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Joins steps of a fused program where one does nothing but prepare an operand of another: {@code a
 * * p + b} in one go instead of two saves a row's way to the cache and back. What is computed stays
 * the same to the last bit.
 */
final class FusedPairs {
    /** Lanes that can come first, as {@code enum jane_head}. */
    private enum Head {
        ADD,
        SUB,
        MUL,
        DIV,
        SCALE,
        SHIFT,
        SQUARE,
        SQRT;

        boolean isBinary() {
            return ordinal() <= DIV.ordinal();
        }
    }

    /** What can follow on the first result t, as {@code enum jane_tail}. */
    private enum Tail {
        ADD,
        SUB,
        SUB_FROM,
        MUL,
        DIV,
        DIV_INTO,
        SCALE,
        SHIFT,
        SQRT,
        ADD_SCALED
    }

    /**
     * A step of {@code fused.c}.
     *
     * @param operands how many of the rows a, b and c are read
     */
    record Step(
            int code, int d, int a, int b, int c, float p, float q, int operands, boolean narrow) {
        /** Whether the step reads a row. */
        boolean reads(int row) {
            return a == row && operands > 0 || b == row && operands > 1 || c == row && operands > 2;
        }
    }

    private final List<FusedKernel.Step> steps;
    private final Step[] made; // by the number of the step; null where joined into a later one
    private final Set<Integer> kept; // rows that are read after the last step
    private final int registers;

    private FusedPairs(List<FusedKernel.Step> steps, int registers, Set<Integer> kept) {
        this.steps = steps;
        this.registers = registers;
        this.kept = kept;
        made = steps.stream().map(FusedPairs::single).toArray(Step[]::new);
    }

    /**
     * The steps of a program, joined where that can be.
     *
     * @param registers rows below are free for any use; the others are loads and stores
     * @param kept rows that are read after the last step
     */
    static List<Step> of(List<FusedKernel.Step> steps, int registers, Set<Integer> kept) {
        return new FusedPairs(steps, registers, kept).join();
    }

    private List<Step> join() {
        for (int i = 0; i < made.length; i++) {
            tryPair(i);
        }
        return Arrays.stream(made).filter(Objects::nonNull).toList();
    }

    private static Step single(FusedKernel.Step s) {
        int code = s.lane().ordinal();
        int operands = s.lane().operands();
        return new Step(code, s.d(), s.a(), s.b(), s.c(), s.p(), s.q(), operands, s.narrow());
    }

    private void tryPair(int i) {
        var s = steps.get(i);
        int first = onFirst(s.lane()).isPresent() ? producer(s.a(), i) : -1;
        if (first >= 0) {
            pair(first, onFirst(s.lane()).orElseThrow(), i, s.b());
            return;
        }
        first = onSecond(s.lane()).isPresent() ? producer(s.b(), i) : -1;
        if (first >= 0) {
            pair(first, onSecond(s.lane()).orElseThrow(), i, s.a());
        }
    }

    private static Optional<Tail> onFirst(Lane lane) {
        return switch (lane) {
            case ADD -> Optional.of(Tail.ADD);
            case SUB -> Optional.of(Tail.SUB);
            case MUL -> Optional.of(Tail.MUL);
            case DIV -> Optional.of(Tail.DIV);
            case SCALE -> Optional.of(Tail.SCALE);
            case SHIFT -> Optional.of(Tail.SHIFT);
            case SQRT -> Optional.of(Tail.SQRT);
            default -> Optional.empty();
        };
    }

    private static Optional<Tail> onSecond(Lane lane) {
        return switch (lane) {
            case ADD -> Optional.of(Tail.ADD);
            case SUB -> Optional.of(Tail.SUB_FROM);
            case MUL -> Optional.of(Tail.MUL);
            case DIV -> Optional.of(Tail.DIV_INTO);
            default -> Optional.empty();
        };
    }

    private static Optional<Head> head(Lane lane) {
        return switch (lane) {
            case ADD -> Optional.of(Head.ADD);
            case SUB -> Optional.of(Head.SUB);
            case MUL -> Optional.of(Head.MUL);
            case DIV -> Optional.of(Head.DIV);
            case SCALE -> Optional.of(Head.SCALE);
            case SHIFT -> Optional.of(Head.SHIFT);
            case SQUARE -> Optional.of(Head.SQUARE);
            case SQRT -> Optional.of(Head.SQRT);
            default -> Optional.empty();
        };
    }

    /** The step that computes {@code row} for step {@code reader} and nobody else, or -1. */
    private int producer(int row, int reader) {
        int i = reader - 1;
        while (i >= 0 && (made[i] == null || made[i].d() != row)) {
            i--;
        }
        boolean fits =
                i >= 0
                        && row < registers
                        && made[i].code() < Lane.values().length
                        && head(steps.get(i).lane()).isPresent()
                        && isReadOnceBy(reader, row)
                        && isReadOnlyBy(reader, row, i)
                        && operandsStay(i, reader);
        return fits ? i : -1;
    }

    private boolean isReadOnceBy(int reader, int row) {
        var s = made[reader];
        return !(s.operands() > 1 && s.a() == row && s.b() == row);
    }

    private boolean isReadOnlyBy(int reader, int row, int producer) {
        for (int k = producer + 1; k < made.length; k++) {
            if (made[k] == null) {
                continue;
            }
            if (k != reader && made[k].reads(row)) {
                return false;
            }
            if (k >= reader && made[k].d() == row) {
                return true; // something else from here on
            }
        }
        return !kept.contains(row);
    }

    /** Whether what step {@code i} reads is still there when step {@code later} runs. */
    private boolean operandsStay(int i, int later) {
        for (int k = i + 1; k < later; k++) {
            if (made[k] != null && made[i].reads(made[k].d())) {
                return false;
            }
        }
        return true;
    }

    private void pair(int first, Tail tail, int second, int other) {
        var h = made[first];
        var s = steps.get(second);
        int scaled = tail == Tail.ADD ? producer(other, second) : -1;
        boolean both = scaled >= 0 && steps.get(scaled).lane() == Lane.SCALE;
        var last = both ? Tail.ADD_SCALED : tail;
        int c = both ? made[scaled].a() : other;
        float q = both ? made[scaled].p() : s.p();
        var head = head(steps.get(first).lane()).orElseThrow();
        boolean alone = last == Tail.SCALE || last == Tail.SHIFT || last == Tail.SQRT;
        int b = head.isBinary() ? h.b() : h.a();
        int code = Lane.values().length + head.ordinal() * Tail.values().length + last.ordinal();
        made[second] = new Step(code, s.d(), h.a(), b, alone ? h.a() : c, h.p(), q, 3, s.narrow());
        made[first] = null;
        if (both) {
            made[scaled] = null;
        }
    }
}
