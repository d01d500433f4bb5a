package jane.tensor;

import jane.compile.HalfPrecision;
import jane.compile.Lowering;
import jane.compile.Placed;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Topology;
import jane.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes tensors: finds what is already known, compiles the graph from there, or takes the
 * program that an equal graph compiled to before, and runs it. Scalars are fed as inputs, so that
 * {@code x.mul(rate)} with another rate is the same program.
 */
final class Evaluator {
    private static final int MOST_PROGRAMS = 256;
    private static final int MOST_REFUSALS = 20;

    private final Engine engine;
    private final int threads;
    private final Map<Graph.Structure, Executable> programs =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Graph.Structure, Executable> eldest) {
                    if (size() > MOST_PROGRAMS) {
                        eldest.getValue().close();
                        return true;
                    }
                    return false;
                }
            };
    private Trace trace = new Trace() {};
    private Optional<Engine> host = Optional.empty();
    private final Deque<String> refusals = new ArrayDeque<>();
    private long compiled;

    Evaluator(Engine engine, int threads) {
        this.engine = engine;
        this.threads = CpuEngine.requireThreads(threads); // now, not when the host is needed
    }

    Engine engine() {
        return engine;
    }

    /** Tells {@code listener} from now on. */
    synchronized void trace(Trace listener) {
        trace = listener;
    }

    /** Programs compiled so far; constant once a loop has seen all its graphs. */
    long compiled() {
        return compiled;
    }

    /** Gives every tensor its data. */
    synchronized void evaluate(List<Tensor> tensors) {
        var pending = tensors.stream().filter(t -> !t.isComputed()).distinct().toList();
        if (pending.isEmpty()) {
            return;
        }
        var known = known(pending);
        var values = pending.stream().map(Tensor::value).toList();
        if (engine.precision() == DType.FP16) {
            values = HalfPrecision.rewrite(values, known.keySet());
        }
        scalars(values, known);
        var buffers = run(values, known);
        for (int i = 0; i < pending.size(); i++) {
            pending.get(i).computed(buffers.get(i));
        }
    }

    /** Data by the graph value that stands for it, for everything the tensors are made of. */
    private static Map<Value, Buffer> known(List<Tensor> tensors) {
        Map<Value, Buffer> known = new IdentityHashMap<>();
        for (var leaf : Capture.pending(tensors)) {
            if (!leaf.tensor().isComputed()) {
                throw new JaneException(
                        "tensor",
                        "a placeholder of type %s has no values to look at: it stands for a batch"
                                + " while a step is built; look at the step's outputs instead",
                        leaf.value().type());
            }
            known.put(leaf.value(), leaf.tensor().buffer());
        }
        return known;
    }

    private void scalars(List<Value> outputs, Map<Value, Buffer> known) {
        for (var node : Topology.order(outputs, known.keySet())) {
            var out = node.op() == Leaf.CONST ? node.out() : null;
            if (out != null && out.shape().rank() == 0 && out.dtype().isFloat()) {
                var buffer = engine.allocate(out.type());
                buffer.putBytes(Leaf.data(out).bytes());
                known.put(out, buffer);
            }
        }
    }

    private List<Buffer> run(List<Value> outputs, Map<Value, Buffer> known) {
        var inputs = new ArrayList<Graph.Port>();
        Map<String, Buffer> bound = new LinkedHashMap<>();
        // In graph order, so that equal graphs number their inputs alike.
        for (var value : reached(outputs, known)) {
            var name = "x" + inputs.size();
            inputs.add(new Graph.Port(name, value));
            bound.put(name, known.get(value));
        }
        var ports = new ArrayList<Graph.Port>();
        var results = new ArrayList<Buffer>();
        for (int i = 0; i < outputs.size(); i++) {
            ports.add(new Graph.Port("y" + i, outputs.get(i)));
            results.add(engine.allocate(outputs.get(i).type()));
            bound.put("y" + i, results.get(i));
        }
        var executable = executable(Graph.of(inputs, ports));
        long start = System.nanoTime();
        executable.bind(bound).run();
        trace.evaluated(
                outputs.stream().map(Value::type).toList(),
                executable,
                (System.nanoTime() - start) / 1e6);
        return results;
    }

    private static List<Value> reached(List<Value> outputs, Map<Value, Buffer> known) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Value, Boolean>());
        var reached = new ArrayList<Value>();
        for (var node : Topology.order(outputs, known.keySet())) {
            for (var in : node.inputs()) {
                if (known.containsKey(in) && seen.add(in)) {
                    reached.add(in);
                }
            }
        }
        outputs.stream().filter(v -> known.containsKey(v) && seen.add(v)).forEach(reached::add);
        return reached;
    }

    private Executable executable(Graph graph) {
        return programs.computeIfAbsent(
                graph.structure(), s -> compile(graph, Map.of()).executable());
    }

    Session.Compiled compile(Graph graph, Map<String, String> aliases) {
        compiled++;
        long start = System.nanoTime();
        if (engine.target().isEmpty()) {
            var program = Lowering.program(graph, aliases);
            var executable = engine.compile(program);
            trace.compiled(program, executable, (System.nanoTime() - start) / 1e6);
            return new Session.Compiled(List.of(program), executable, Optional.empty());
        }
        var placed = Placed.of(graph, aliases, engine, host(), this::refused);
        var result =
                new Session.Compiled(
                        placed.programs(), placed.executable(), Optional.of(placed.placement()));
        trace.compiled(result.program(), placed.executable(), (System.nanoTime() - start) / 1e6);
        return result;
    }

    private void refused(String refusal) {
        System.getLogger("jane.engine").log(System.Logger.Level.WARNING, refusal);
        synchronized (refusals) {
            refusals.add(refusal);
            if (refusals.size() > MOST_REFUSALS) {
                refusals.remove();
            }
        }
    }

    /** The last programs that the engine did not take, oldest first. */
    List<String> refusals() {
        synchronized (refusals) {
            return List.copyOf(refusals);
        }
    }

    /** Takes what the engine's target does not. */
    private Engine host() {
        if (host.isEmpty()) {
            host = Optional.of(Engines.open("cpu", threads));
        }
        return host.orElseThrow();
    }
}
