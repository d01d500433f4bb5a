package jane.optim;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent: {@code v = momentum v + g; p -= lr v}, or with Nesterov's look ahead
 * {@code p -= lr (g + momentum v)}. Source: Sutskever et al., 2013, in the form PyTorch uses.
 */
public final class Sgd implements Optimizer {
    private final Schedule schedule;
    private final double momentum;
    private final boolean nesterov;

    private Sgd(Schedule schedule, double momentum, boolean nesterov) {
        this.schedule = schedule;
        this.momentum = momentum;
        this.nesterov = nesterov;
    }

    /** Plain descent at one rate. */
    public static Sgd of(double rate) {
        return of(Schedule.constant(rate));
    }

    /** Plain descent. */
    public static Sgd of(Schedule schedule) {
        return new Sgd(schedule, 0, false);
    }

    /** With momentum. */
    public Sgd momentum(double value) {
        if (!(value >= 0 && value < 1)) {
            throw new JaneException("Sgd", "momentum %s; need 0 to 1 (exclusive)", value);
        }
        return new Sgd(schedule, value, nesterov);
    }

    /** With Nesterov's look ahead, which needs a momentum. */
    public Sgd nesterov() {
        if (momentum == 0) {
            throw new JaneException("Sgd", "nesterov without momentum; call momentum(0.9) first");
        }
        return new Sgd(schedule, momentum, true);
    }

    @Override
    public String describe() {
        return "SGD(lr "
                + schedule.describe()
                + (momentum == 0 ? "" : ", momentum " + momentum)
                + (nesterov ? ", nesterov)" : ")");
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public List<String> states() {
        return momentum == 0 ? List.of() : List.of("v");
    }

    @Override
    public Map<String, Double> scalars(long step) {
        return Map.of("lr", schedule.at(step));
    }

    @Override
    public Update update(
            Tensor p, Tensor g, Map<String, Tensor> state, Map<String, Tensor> scalars) {
        var lr = scalars.get("lr");
        if (momentum == 0) {
            return new Update(p.sub(g.mul(lr)), Map.of());
        }
        var v = state.get("v").mul(momentum).add(g);
        var direction = nesterov ? g.add(v.mul(momentum)) : v;
        return new Update(p.sub(direction.mul(lr)), Map.of("v", v));
    }
}
