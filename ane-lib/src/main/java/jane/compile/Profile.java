package jane.compile;

import jane.engine.Buffer;
import jane.engine.DeviceUse;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import jane.op.Logic;
import jane.target.OpCost;
import jane.target.ProgramCost;
import jane.target.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the time of a graph goes: measured on the processor, op by op and as one program, and
 * predicted for Neural Engine targets; as one program also on an engine that has one.
 *
 * <p>An op is measured alone, as the only one of its program, so that the sum over ops is more than
 * the program takes, whose kernels do several ops in one pass. What is predicted is the graph in
 * fp16, as one program, dispatch included.
 *
 * @param rows by op, the slowest on the processor first
 * @param programMicros one run of the whole program on the processor
 * @param predicted by target
 * @param measured on a Neural Engine, if one was given
 */
public record Profile(
        List<Row> rows,
        double programMicros,
        Map<String, ProgramCost> predicted,
        Optional<OnDevice> measured) {
    /** Runs after one to warm up; the fastest counts. */
    private static final int RUNS = 5;

    private static final long ENOUGH_NANOS = 20_000_000;

    /**
     * One kind of op.
     *
     * @param count how many of it there are
     * @param flops floating-point operations of all of them
     * @param bytes that they read and write
     * @param cpuMicros measured, all of them, each alone
     * @param targetMicros predicted by target
     */
    public record Row(
            String op,
            int count,
            long flops,
            long bytes,
            double cpuMicros,
            Map<String, Double> targetMicros) {
        public Row {
            targetMicros = Map.copyOf(targetMicros);
        }
    }

    /** Keeps the lists. */
    public Profile {
        rows = List.copyOf(rows);
    }

    /**
     * One run of the graph in fp16, placed, on an engine with a target. No op is measured alone
     * there: dispatching it takes longer than most.
     *
     * @param engine its name
     * @param target the name of its target
     * @param micros on the clock, with what runs on the processor; the fastest run
     * @param parts how many parts run on the engine
     * @param share of the arithmetic that does, 0 to 1
     * @param use what the parts took of it, on average; empty if none ran there
     * @param notTaken parts that it refused, and why
     */
    public record OnDevice(
            String engine,
            String target,
            double micros,
            int parts,
            double share,
            Optional<DeviceUse> use,
            List<String> notTaken) {
        public OnDevice {
            notTaken = List.copyOf(notTaken);
        }
    }

    /**
     * Measures and predicts.
     *
     * @param graph of fp32, before any pass
     * @param cpu an engine that takes any program
     */
    public static Profile of(Graph graph, Engine cpu, List<Target> targets) {
        return of(graph, cpu, targets, Optional.empty());
    }

    /**
     * The same, and measures on {@code device}.
     *
     * @param device an engine with a target
     */
    public static Profile of(
            Graph graph, Engine cpu, List<Target> targets, Optional<Engine> device) {
        var plain = Passes.run(graph);
        var predicted = new LinkedHashMap<String, ProgramCost>();
        targets.forEach(t -> predicted.put(t.name(), t.cost().of(Passes.run(half(graph), t))));
        var ops = new TreeMap<String, List<Node<?>>>();
        for (var node : plain.nodes()) {
            if (node.op() != Leaf.CONST) {
                ops.computeIfAbsent(node.op().name(), n -> new ArrayList<>()).add(node);
            }
        }
        for (var cost : predicted.values()) {
            cost.ops().forEach(c -> ops.computeIfAbsent(c.op(), n -> new ArrayList<>()));
        }
        var known = new HashMap<Graph.Structure, Double>();
        var rows = new ArrayList<Row>();
        ops.forEach((op, nodes) -> rows.add(row(op, nodes, cpu, known, predicted)));
        rows.sort((a, b) -> Double.compare(b.cpuMicros(), a.cpuMicros()));
        var measured = device.map(d -> onDevice(half(graph), d, cpu));
        return new Profile(rows, micros(plain, cpu), predicted, measured);
    }

    private static OnDevice onDevice(Graph graph, Engine device, Engine host) {
        var placed = Placed.of(graph, Map.of(), device, host);
        var sides = placed.placement().parts().stream().map(Part::side);
        try (var executable = placed.executable()) {
            double micros = micros(executable, device);
            return new OnDevice(
                    device.name(),
                    placed.placement().target().name(),
                    micros,
                    (int) sides.filter(side -> side == Part.Side.DEVICE).count(),
                    placed.placement().share(),
                    executable.deviceUse(),
                    List.copyOf(executable.fallbacks().values()));
        }
    }

    private static Row row(
            String op,
            List<Node<?>> nodes,
            Engine cpu,
            Map<Graph.Structure, Double> known,
            Map<String, ProgramCost> predicted) {
        double micros = 0;
        for (var node : nodes) {
            var alone = alone(node);
            micros += known.computeIfAbsent(alone.structure(), s -> micros(alone, cpu));
        }
        var targets = new HashMap<String, Double>();
        predicted.forEach(
                (target, cost) ->
                        targets.put(
                                target,
                                cost.ops().stream()
                                        .filter(c -> c.op().equals(op))
                                        .mapToDouble(OpCost::micros)
                                        .sum()));
        return new Row(
                op,
                nodes.size(),
                nodes.stream().mapToLong(Node::flops).sum(),
                nodes.stream().mapToLong(Node::bytes).sum(),
                micros,
                targets);
    }

    /**
     * The graph in fp16 between casts at its border, which the placement leaves to the processor.
     */
    private static Graph half(Graph graph) {
        Set<Value> known = new HashSet<>(); // values compare by identity
        graph.inputs().forEach(p -> known.add(p.value()));
        var outputs = graph.outputs().stream().map(Graph.Port::value).toList();
        var halves = HalfPrecision.rewrite(outputs, known);
        var ports = new ArrayList<Graph.Port>();
        for (int i = 0; i < halves.size(); i++) {
            ports.add(new Graph.Port(graph.outputs().get(i).name(), halves.get(i)));
        }
        return inside(Graph.of(graph.inputs(), ports));
    }

    /** The same without its casts of inputs and of outputs. */
    private static Graph inside(Graph graph) {
        var inputs = new LinkedHashMap<Value, Graph.Port>();
        graph.inputs().forEach(p -> inputs.put(p.value(), p));
        for (var node : graph.nodes()) {
            if (node.op() == Logic.CAST && inputs.containsKey(node.in(0))) {
                var port = inputs.remove(node.in(0));
                inputs.put(node.out(), new Graph.Port(port.name(), node.out()));
            }
        }
        var outputs = new ArrayList<Graph.Port>();
        for (var port : graph.outputs()) {
            var value = port.value();
            boolean widened = value.node().op() == Logic.CAST && !inputs.containsKey(value);
            outputs.add(new Graph.Port(port.name(), widened ? value.node().in(0) : value));
        }
        return Graph.of(List.copyOf(inputs.values()), outputs);
    }

    /** A program of this node only, reading inputs and its own constants. */
    private static Graph alone(Node<?> node) {
        var ports = new ArrayList<Graph.Port>();
        var reads = new ArrayList<Value>();
        for (var in : node.inputs()) {
            if (in.isConst()) {
                reads.add(in);
                continue;
            }
            reads.add(Leaf.input(in.type()));
            ports.add(new Graph.Port("x" + ports.size(), reads.get(reads.size() - 1)));
        }
        var outputs = new ArrayList<Graph.Port>();
        for (var out : node.withInputs(reads).outputs()) {
            outputs.add(new Graph.Port("y" + outputs.size(), out));
        }
        return Graph.of(ports, outputs);
    }

    private static double micros(Graph graph, Engine cpu) {
        try (var executable = cpu.compile(Lowering.program(graph, Map.of()))) {
            return micros(executable, cpu);
        }
    }

    private static double micros(Executable executable, Engine engine) {
        var buffers = new HashMap<String, Buffer>();
        executable.inputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
        executable.outputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
        for (var name : executable.inputs().keySet()) {
            var buffer = buffers.get(name);
            if (buffer.type().dtype().isFloat()) {
                var halves = new float[buffer.type().shape().size()];
                Arrays.fill(halves, 0.5f);
                buffer.put(halves);
            }
        }
        var binding = executable.bind(buffers);
        binding.run();
        long best = Long.MAX_VALUE;
        long begin = System.nanoTime();
        for (int i = 0; i < RUNS && System.nanoTime() - begin < ENOUGH_NANOS; i++) {
            long start = System.nanoTime();
            binding.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best / 1e3;
    }
}
