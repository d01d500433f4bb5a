package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jane.compile.Placed;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimEngine;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.op.Activations;
import jane.op.Contraction;
import jane.target.Route;
import jane.target.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands in the folder that the framework compiles. */
class SameBytesTest {
    @ParameterizedTest
    @EnumSource(Route.class)
    void areThoseThatTheSimulatorOfTheTargetGets(Route route) {
        var target = Target.named("m5").by(route);
        var folder = StandIn.folder(route);
        var standIn = StandIn.in(folder, route);
        var bridge = StandIn.bridge(folder, Device.ANE, route);
        try (Engine cpu = new CpuEngine(1);
                Engine sim = new SimEngine(target, SimEngine.Mode.FAST, 1);
                Engine ane = new AneEngine("ane", target, bridge, 127, () -> 0L, text -> {})) {
            var expected = Placed.of(graph(), Map.of(), sim, cpu).programs();
            var placed = Placed.of(graph(), Map.of(), ane, cpu);
            run(placed.executable(), ane);
            assertSame(expected, placed.programs());
            assertSame(expected, standIn.programs());
        }
    }

    private static void assertSame(List<Program> expected, List<Program> found) {
        assertEquals(1, expected.size());
        assertEquals(expected.size(), found.size());
        assertEquals(expected.get(0).text(), found.get(0).text());
        assertEquals(expected.get(0).files(), found.get(0).files());
        assertFalse(found.get(0).files().isEmpty());
    }

    /** A layer with a baked weight. */
    private static Graph graph() {
        var random = new Random(3);
        var type = new TensorType(DType.FP16, Shape.of(256, 256));
        var weight = random.doubles(256 * 256, -0.1, 0.1).toArray();
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(64, 256)));
        var y = Contraction.matmul(x, Leaf.constant(ConstData.of(type, weight)));
        return Graph.of(
                List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", Activations.relu(y))));
    }

    private static void run(Executable executable, Engine engine) {
        var buffers = new HashMap<String, Buffer>();
        executable.inputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
        executable.outputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
        executable.bind(buffers).run();
    }
}
