package jane.optim;

import jane.ir.JaneException;
import jane.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adam: {@code m = b1 m + (1-b1) g; v = b2 v + (1-b2) g²; p -= lr m̂ / (sqrt(v̂) + eps)} with the
 * hats dividing by {@code 1 - b^t}. With {@link #decay} it is AdamW: {@code p -= lr decay p} apart
 * from the gradient. Source: Kingma and Ba, 2015; Loshchilov and Hutter, 2019.
 */
public final class Adam implements Optimizer {
    private final Schedule schedule;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double decay;

    private Adam(Schedule schedule, double beta1, double beta2, double epsilon, double decay) {
        this.schedule = schedule;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.decay = decay;
    }

    /** Adam at one rate with the usual 0.9, 0.999 and 1e-8. */
    public static Adam of(double rate) {
        return of(Schedule.constant(rate));
    }

    /** Adam with the usual 0.9, 0.999 and 1e-8. */
    public static Adam of(Schedule schedule) {
        return new Adam(schedule, 0.9, 0.999, 1e-8, 0);
    }

    /** AdamW at one rate: Adam with decoupled weight decay. */
    public static Adam w(double rate, double decay) {
        return of(rate).decay(decay);
    }

    /** With other betas. */
    public Adam betas(double first, double second) {
        if (!(first >= 0 && first < 1 && second >= 0 && second < 1)) {
            throw new JaneException(
                    "Adam", "betas %s and %s; need 0 to 1 (exclusive)", first, second);
        }
        return new Adam(schedule, first, second, epsilon, decay);
    }

    /** With another epsilon. */
    public Adam epsilon(double value) {
        if (!(value > 0)) {
            throw new JaneException("Adam", "epsilon %s; need more than 0", value);
        }
        return new Adam(schedule, beta1, beta2, value, decay);
    }

    /** With decoupled weight decay: AdamW. */
    public Adam decay(double value) {
        if (!(value >= 0)) {
            throw new JaneException("Adam", "weight decay %s; need 0 or more", value);
        }
        return new Adam(schedule, beta1, beta2, epsilon, value);
    }

    @Override
    public String describe() {
        return (decay == 0 ? "Adam(lr " : "AdamW(lr ")
                + schedule.describe()
                + (decay == 0 ? ")" : ", decay " + decay + ")");
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public List<String> states() {
        return List.of("m", "v");
    }

    @Override
    public Map<String, Double> scalars(long step) {
        return Map.of(
                "lr", schedule.at(step),
                "correction1", 1 / (1 - Math.pow(beta1, step)),
                "correction2", 1 / (1 - Math.pow(beta2, step)));
    }

    @Override
    public Update update(
            Tensor p, Tensor g, Map<String, Tensor> state, Map<String, Tensor> scalars) {
        var lr = scalars.get("lr");
        var m = state.get("m").mul(beta1).add(g.mul(1 - beta1));
        var v = state.get("v").mul(beta2).add(g.square().mul(1 - beta2));
        var size = v.mul(scalars.get("correction2")).sqrt().add(epsilon);
        var change = m.mul(scalars.get("correction1")).div(size);
        var kept = decay == 0 ? p : p.sub(p.mul(lr.mul(decay)));
        return new Update(kept.sub(change.mul(lr)), Map.of("m", m, "v", v));
    }
}
