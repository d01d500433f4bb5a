package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engine;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimEngine;
import jane.ir.Leaf;
import jane.ir.TensorType;
import jane.op.Activations;
import jane.op.Contraction;
import jane.target.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfileTest {
    @Test
    void measuresTheProcessorAndPredictsEachTargetByOpAndProgram() {
        var x = Leaf.input(TensorType.fp32(256, 256));
        var product = Contraction.matmul(x, x);
        var y = Activations.softmax(Contraction.matmul(Activations.relu(product), x), -1);
        var targets = List.of(Target.named("m1"), Target.named("m5"));
        try (Engine cpu = new CpuEngine(1)) {
            var profile = Profile.of(Graphs.of(List.of(x), y), cpu, targets);
            assertEquals(List.of("m1", "m5"), List.copyOf(profile.predicted().keySet()));
            assertTrue(profile.programMicros() > 0);
            var matmul = profile.rows().stream().filter(r -> r.op().equals("matmul")).findFirst();
            var row = matmul.orElseThrow();
            assertEquals(2, row.count());
            assertEquals(2 * 2L * 256 * 256 * 256, row.flops());
            assertEquals(2 * 3L * 256 * 256 * 4, row.bytes());
            assertTrue(row.cpuMicros() > 0);
            assertEquals(row.flops() / 8.7e6, row.targetMicros().get("m5"), 1e-6);
            assertTrue(row.targetMicros().get("m1") > row.targetMicros().get("m5"));
            var cost = profile.predicted().get("m5");
            assertEquals(2 * 256 * 256 * 2, cost.portBytes()); // x and y in fp16
            assertTrue(profile.rows().stream().noneMatch(r -> r.op().equals("cast")));
        }
    }

    @Test
    void measuresTheProgramOnAnEngineWithATarget() {
        var x = Leaf.input(TensorType.fp32(256, 256));
        var y = Activations.softmax(Contraction.matmul(x, x), -1);
        var graph = Graphs.of(List.of(x), y);
        try (Engine cpu = new CpuEngine(1);
                Engine device = SimEngine.named("m5/inmem:fast", 1)) {
            assertTrue(Profile.of(graph, cpu, List.of()).measured().isEmpty());
            var profile = Profile.of(graph, cpu, List.of(), Optional.of(device));
            var measured = profile.measured().orElseThrow();
            assertEquals("sim:m5/inmem:fast", measured.engine());
            assertEquals("m5/inmem", measured.target());
            assertEquals(1, measured.parts());
            assertEquals(1, measured.share());
            assertTrue(measured.micros() > 0);
            assertTrue(measured.use().isEmpty(), "a simulator tells no times of a device");
            assertEquals(List.of(), measured.notTaken());
        }
    }
}
