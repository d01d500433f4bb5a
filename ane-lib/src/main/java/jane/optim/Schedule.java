package jane.optim;

import jane.ir.JaneException;

/** The learning rate over steps. */
public interface Schedule {
    /** The rate of step {@code step}; the first step is 1. */
    double at(long step);

    /** The same rate at every step. */
    static Schedule constant(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new JaneException("learning rate", "%s; need a finite number, 0 or more", rate);
        }
        return step -> rate;
    }
}
