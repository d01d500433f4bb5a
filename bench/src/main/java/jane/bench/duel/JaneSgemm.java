package jane.bench.duel;

import jane.compile.Lowering;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.op.Contraction;
import java.util.List;
import java.util.Map;

/** A product as a compiled program on Jane's engine. */
final class JaneSgemm implements Contender {
    private final Engine engine;
    private final Binding binding;
    private final Buffer y;

    private JaneSgemm(Engine engine, Binding binding, Buffer y) {
        this.engine = engine;
        this.binding = binding;
        this.y = y;
    }

    static JaneSgemm start(MatrixShape shape) {
        var a = Leaf.input(TensorType.fp32(shape.m(), shape.k()));
        var b = Leaf.input(TensorType.fp32(shape.k(), shape.n()));
        var graph =
                Graph.of(
                        List.of(new Graph.Port("a", a), new Graph.Port("b", b)),
                        List.of(new Graph.Port("y", Contraction.matmul(a, b))));
        var engine = Engines.open("cpu", RivalMain.THREADS);
        var executable = engine.compile(Lowering.program(graph, Map.of()));
        var buffers =
                Map.of(
                        "a", engine.allocate(a.type()),
                        "b", engine.allocate(b.type()),
                        "y", engine.allocate(executable.outputs().get("y")));
        buffers.get("a").put(MatrixShape.random("a", a.shape().size()));
        buffers.get("b").put(MatrixShape.random("b", b.shape().size()));
        return new JaneSgemm(engine, executable.bind(buffers), buffers.get("y"));
    }

    @Override
    public void run() {
        binding.run();
    }

    @Override
    public double result() {
        double sum = 0;
        for (int i = 0; i < y.type().shape().size(); i++) {
            sum += Math.abs(y.get(i));
        }
        return sum / y.type().shape().size();
    }

    @Override
    public void close() {
        engine.close();
    }
}
