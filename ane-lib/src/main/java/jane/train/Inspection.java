package jane.train;

import jane.ir.Shape;
import jane.nn.Layer;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;

/** One training step laid open, as {@link Inspector#step} found it. */
public final class Inspection {
    /**
     * A layer during the step.
     *
     * @param path dotted; empty for the model itself
     * @param output what it made of the batch, with the weights before the update
     * @param gradient of the loss with respect to that
     */
    public record Seen(String path, Layer layer, Tensor output, Tensor gradient) {}

    /**
     * A parameter during the step; norms are Euclidean.
     *
     * @param path dotted
     * @param gradient of the loss
     * @param gradientNorm of that gradient
     * @param updateNorm of the change made by the step
     * @param weightNorm of the values before the step
     */
    public record Moved(
            String path,
            Tensor gradient,
            double gradientNorm,
            double updateNorm,
            double weightNorm) {
        /** Size of the change relative to the values; NaN for all zeros. Around 1e-3 is healthy. */
        public double ratio() {
            return weightNorm == 0 ? Double.NaN : updateNorm / weightNorm;
        }
    }

    /**
     * One of the largest gradients.
     *
     * @param path of the parameter
     * @param index of the element, one number per axis
     * @param value of the gradient there
     */
    public record Steepest(String path, List<Integer> index, double value) {}

    /**
     * Where the step ran.
     *
     * @param engine by name
     * @param description of the engine in one line
     * @param plan the engine's plan of the step's program, a line per kernel
     */
    public record Place(String engine, String description, List<String> plan) {
        /** Copies the plan. */
        public Place {
            plan = List.copyOf(plan);
        }
    }

    private final StepReport report;
    private final double lossBefore;
    private final double lossAfter;
    private final List<Seen> layers;
    private final List<Moved> parameters;
    private final Map<String, Double> millis;
    private final Place place;

    Inspection(
            StepReport report,
            double lossBefore,
            double lossAfter,
            List<Seen> layers,
            List<Moved> parameters,
            Map<String, Double> millis,
            Place place) {
        this.report = report;
        this.lossBefore = lossBefore;
        this.lossAfter = lossAfter;
        this.layers = List.copyOf(layers);
        this.parameters = List.copyOf(parameters);
        this.millis = Collections.unmodifiableMap(new LinkedHashMap<>(millis));
        this.place = place;
    }

    /** What the step itself reports. */
    public StepReport report() {
        return report;
    }

    /** Loss of the batch before the update. */
    public double lossBefore() {
        return lossBefore;
    }

    /** Loss of the same batch after the update. */
    public double lossAfter() {
        return lossAfter;
    }

    /** Layers in the order in which they were applied. */
    public List<Seen> layers() {
        return layers;
    }

    /** Trained parameters in the model's order. */
    public List<Moved> parameters() {
        return parameters;
    }

    /**
     * Milliseconds by phase: {@code build} and {@code compile} if the step was new, {@code upload},
     * {@code run} (forward, backward and update, one program) and {@code forward}, measured by a
     * run of its own and part of {@code run}.
     */
    public Map<String, Double> millis() {
        return millis;
    }

    /** Where it ran. */
    public Place place() {
        return place;
    }

    /** What a teacher would say, in plain words; empty if all looks well. */
    public List<String> warnings() {
        return Diagnosis.of(this);
    }

    /** The largest gradients by magnitude, over all parameters. */
    public List<Steepest> steepest(int count) {
        var best = new PriorityQueue<Found>(Comparator.comparingDouble(f -> Math.abs(f.value())));
        for (var moved : parameters) {
            var values = moved.gradient().toArray();
            for (int i = 0; i < values.length; i++) {
                if (best.size() < count || Math.abs(values[i]) > Math.abs(best.peek().value())) {
                    best.add(new Found(moved, i, values[i]));
                }
                if (best.size() > count) {
                    best.poll();
                }
            }
        }
        var steepest = new ArrayList<Steepest>();
        while (!best.isEmpty()) {
            steepest.add(0, best.poll().steepest());
        }
        return steepest;
    }

    private record Found(Moved moved, int flat, double value) {
        Steepest steepest() {
            return new Steepest(moved.path(), index(moved.gradient().shape(), flat), value);
        }

        private static List<Integer> index(Shape shape, int flat) {
            var index = new ArrayList<Integer>();
            int rest = flat;
            for (int stride : shape.strides()) {
                index.add(rest / stride);
                rest %= stride;
            }
            return index;
        }
    }

    /** The step in one sentence. */
    public String headline() {
        return String.format(
                Locale.ROOT,
                "step %d: loss %.4g to %.4g on the same %d samples (%s), learning rate %s",
                report.step(),
                lossBefore,
                lossAfter,
                report.samples(),
                lossAfter <= lossBefore ? "better" : "worse",
                report.learningRate());
    }

    /** Headline, parameters and warnings as text. */
    @Override
    public String toString() {
        var text = new StringBuilder(headline());
        for (var p : parameters) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%n  %-20s gradient %.3g, update %.3g, update/weight %.2g",
                            p.path(),
                            p.gradientNorm(),
                            p.updateNorm(),
                            p.ratio()));
        }
        warnings().forEach(w -> text.append(System.lineSeparator()).append("  ").append(w));
        return text.toString();
    }
}
