package jane.cli.selftest;

import jane.compile.Part;
import jane.compile.Passes;
import jane.compile.Placed;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Half;
import jane.mil.MilPrinter;
import jane.target.CostModel;
import jane.tensor.RandomStream;
import jane.zoo.Timing;
import jane.zoo.TransformerBlock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One block of a Stories model (dimension 768, 12 heads, hidden 2048, 256 tokens), forward and
 * backward in fp16: how long it takes, and how far results are from the CPU engine's in fp32.
 */
final class StoriesBlock {
    private static final String SECTION = "block";
    private static final String NAME = "Stories block, 256 tokens, forward and backward";

    /** Of each result. The measured arithmetic gives 0.0081, in the simulator. */
    private static final double FARTHEST = 0.02;

    private static final double SECONDS = 2;

    private final Place place;
    private final int threads;

    StoriesBlock(Place place, int threads) {
        this.place = place;
        this.threads = threads;
    }

    List<Line> lines() {
        var plain = TransformerBlock.Style.PLAIN;
        var half = new TransformerBlock(TransformerBlock.Size.STORIES, plain.with(DType.FP16));
        var whole = new TransformerBlock(TransformerBlock.Size.STORIES, plain);
        var device = place.engine();
        try (var host = new CpuEngine(threads)) {
            var placed = Placed.of(half.graph(), Map.of(), device, host);
            var reference = MilPrinter.print(Passes.run(whole.graph()));
            try (var found = new Block(device, placed.executable());
                    var exact = new Block(host, host.compile(reference))) {
                exact.run();
                found.run();
                return List.of(agreement(found, exact, placed), time(found, placed));
            }
        }
    }

    private Line agreement(Block found, Block exact, Placed placed) {
        var errors = new TreeMap<Double, String>();
        for (var name : exact.outputs()) {
            errors.put(error(found.get(name), exact.get(name)), name);
        }
        var worst = errors.lastEntry();
        var graph = placed.placement().graph();
        return place.line(
                SECTION,
                NAME + ": results",
                "each within " + FARTHEST + " of the CPU engine's in fp32, relative to its norm",
                String.format(
                        Locale.ROOT,
                        "%.2g at most, %s; %.2g for y; %d of %d ops on the processor",
                        worst.getKey(),
                        worst.getValue(),
                        error(found.get("y"), exact.get("y")),
                        placed.placement().reasons().size(),
                        graph.nodes().size()),
                worst.getKey() <= FARTHEST);
    }

    private Line time(Block found, Placed placed) {
        double millis = place.hardware() ? Timing.of(found::run, SECONDS).median() : found.millis();
        var model = place.engine().target().orElseThrow().cost();
        double predicted = 0;
        for (var part : placed.placement().parts()) {
            predicted += part.side() == Part.Side.DEVICE ? millis(model, part.graph()) : 0;
        }
        return Measures.timed(place, SECTION, NAME + ": time", millis, predicted, "ms");
    }

    private static double millis(CostModel model, Graph graph) {
        return model.of(graph).micros() / 1e3;
    }

    /** Infinite for a result that is not a number. */
    private static double error(float[] found, float[] exact) {
        double off = 0;
        double norm = 0;
        for (int i = 0; i < exact.length; i++) {
            off += Math.pow((double) found[i] - exact[i], 2);
            norm += Math.pow(exact[i], 2);
        }
        double error = Math.sqrt(off / norm);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    /** The block on an engine, over the same data on each, which fp16 has. */
    private static final class Block implements AutoCloseable {
        private final Executable executable;
        private final Map<String, Buffer> buffers = new LinkedHashMap<>();
        private final Binding binding;
        private double millis;

        Block(Engine engine, Executable executable) {
            this.executable = executable;
            executable.outputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
            executable.inputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
            executable.inputs().keySet().forEach(n -> buffers.get(n).put(data(n)));
            binding = executable.bind(buffers);
        }

        private float[] data(String name) {
            var shape = executable.inputs().get(name).shape();
            var values = new float[shape.size()];
            boolean gain = shape.rank() == 1;
            float most = shape.rank() == 2 ? 0.05f : 1; // weights about as a trained model's
            RandomStream.of(1, name).fillUniform(values, gain ? 0.5f : -most, gain ? 1.5f : most);
            for (int i = 0; i < values.length; i++) {
                values[i] = Half.toFloat(Half.fromDouble(values[i]));
            }
            return values;
        }

        void run() {
            long start = System.nanoTime();
            binding.run();
            millis = (System.nanoTime() - start) / 1e6;
        }

        double millis() {
            return millis;
        }

        Iterable<String> outputs() {
            return executable.outputs().keySet();
        }

        float[] get(String name) {
            var values = new float[buffers.get(name).type().shape().size()];
            buffers.get(name).get(values);
            return values;
        }

        @Override
        public void close() {
            executable.close();
            buffers.values().forEach(Buffer::close);
        }
    }
}
