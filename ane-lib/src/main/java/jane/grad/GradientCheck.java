package jane.grad;

import jane.ir.Dense;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Holds reverse mode against central differences, both on the reference kernels in double, with a
 * random cotangent. A rule that is off by 1 % fails.
 */
public final class GradientCheck {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 2e-4;

    private GradientCheck() {}

    /**
     * Checks the gradient of {@code y} with respect to each float input.
     *
     * @param inputs placeholders of y with the point to check at
     * @throws JaneException naming the input, the element and both numbers where they differ by
     *     more than 2e-4 of the gradient's size
     */
    public static void check(Value y, Map<Value, Dense> inputs, RandomGenerator random) {
        var ports = new ArrayList<Graph.Port>();
        var feeds = new LinkedHashMap<String, Dense>();
        inputs.forEach(
                (value, dense) -> {
                    var name = "x" + ports.size();
                    ports.add(new Graph.Port(name, value));
                    feeds.put(name, dense);
                });
        var dy = Leaf.input(y.type());
        var cotangent = Dense.zeros(y.type());
        for (int i = 0; i < cotangent.data().length; i++) {
            cotangent.data()[i] = random.nextDouble(0.5, 1.5) * (random.nextBoolean() ? 1 : -1);
        }
        var forward = Graph.of(ports, List.of(new Graph.Port("y", y)));
        var floats = ports.stream().filter(p -> p.value().dtype().isFloat()).toList();
        var gradients = Gradients.of(y, dy, floats.stream().map(Graph.Port::value).toList());
        var outputs = new ArrayList<Graph.Port>();
        for (int i = 0; i < floats.size(); i++) {
            outputs.add(new Graph.Port("d" + floats.get(i).name(), gradients.get(i)));
        }
        var all = new ArrayList<>(ports);
        all.add(new Graph.Port("dy", dy));
        var fed = new LinkedHashMap<>(feeds);
        fed.put("dy", cotangent);
        var analytic = Graph.of(all, outputs).reference(fed);
        for (var port : floats) {
            compare(forward, feeds, port.name(), cotangent, analytic.get("d" + port.name()));
        }
    }

    private static void compare(
            Graph forward, Map<String, Dense> feeds, String name, Dense dy, Dense analytic) {
        var x = feeds.get(name).data();
        double size = 1e-3;
        var numeric = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double at = x[i];
            double step = STEP * Math.max(1, Math.abs(at));
            x[i] = at + step;
            double up = dot(forward, feeds, dy);
            x[i] = at - step;
            double down = dot(forward, feeds, dy);
            x[i] = at;
            numeric[i] = (up - down) / (2 * step);
            size = Math.max(size, Math.abs(numeric[i]));
        }
        for (int i = 0; i < x.length; i++) {
            if (!(Math.abs(numeric[i] - analytic.get(i)) <= TOLERANCE * size)) {
                throw new JaneException(
                        "gradient check",
                        "input %s, element %d at %s: the gradient rule gives %s, finite differences"
                                + " give %s; need agreement to %s",
                        name,
                        i,
                        x[i],
                        analytic.get(i),
                        numeric[i],
                        TOLERANCE * size);
            }
        }
    }

    private static double dot(Graph forward, Map<String, Dense> feeds, Dense dy) {
        var y = forward.reference(feeds).get("y");
        double sum = 0;
        for (int i = 0; i < y.data().length; i++) {
            sum += y.get(i) * dy.get(i);
        }
        return sum;
    }
}
