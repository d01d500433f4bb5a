package jane.optim;

import jane.ir.JaneException;

/**
 * The learning rate over steps: a pure function of the step's number, so that a resumed run goes on
 * as if it had not stopped. Schedules compose: {@code Schedule.cosine(1e-3, 0, 900).warmup(100)}.
 */
@FunctionalInterface
public interface Schedule {
    /** The rate of step {@code step}; the first step is 1. */
    double at(long step);

    /** The schedule in a few words; unless overridden, the first rate. */
    default String describe() {
        return String.valueOf(at(1));
    }

    /** The same rate at every step. */
    static Schedule constant(double rate) {
        requireRate(rate);
        return step -> rate;
    }

    /** {@code rate}, multiplied by {@code factor} after every {@code every} steps. */
    static Schedule stepDecay(double rate, double factor, long every) {
        requireRate(rate);
        requireSteps("stepDecay", every);
        if (!(factor > 0 && factor <= 1)) {
            throw new JaneException(
                    "learning rate", "decay factor %s; need above 0 and up to 1", factor);
        }
        return new Described(
                rate + " times " + factor + " every " + every + " steps",
                step -> rate * Math.pow(factor, Math.floorDiv(step - 1, every)));
    }

    /**
     * From one rate to another along half a cosine: {@code to + (from - to) (1 + cos(pi
     * (t-1)/steps)) / 2}, then {@code to}. Source: Loshchilov and Hutter, "SGDR", 2017.
     */
    static Schedule cosine(double from, double to, long steps) {
        requireRate(from);
        requireRate(to);
        requireSteps("cosine", steps);
        return new Described(
                "cosine from " + from + " to " + to + " in " + steps + " steps",
                step -> {
                    double done = Math.min(1, (double) (step - 1) / steps);
                    return to + (from - to) * (1 + StrictMath.cos(Math.PI * done)) / 2;
                });
    }

    /**
     * This schedule, begun {@code steps} later, after a straight rise to its first rate: {@code
     * at(1) t/steps} up to step {@code steps}.
     */
    default Schedule warmup(long steps) {
        requireSteps("warmup", steps);
        return new Described(
                describe() + " after a warm-up of " + steps + " steps",
                step -> step <= steps ? at(1) * step / steps : at(step - steps));
    }

    private static void requireRate(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new JaneException("learning rate", "%s; need a finite number, 0 or more", rate);
        }
    }

    private static void requireSteps(String what, long steps) {
        if (steps < 1) {
            throw new JaneException("learning rate", "%s of %d steps; need 1 or more", what, steps);
        }
    }
}
