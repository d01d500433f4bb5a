package jane.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimEngine;
import jane.ir.DType;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.target.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs depend on the graph and the target, and not on which engine takes them. */
class SameProgramsTest {
    private static final StoriesBlock SMALL = new StoriesBlock(64, 128, 4, 352);

    /** A Neural Engine by name and target that computes on the processor. */
    private record OtherEngine(Target chip, Engine worker) implements Engine {
        @Override
        public String name() {
            return "ane";
        }

        @Override
        public String description() {
            return "a stand-in";
        }

        @Override
        public DType precision() {
            return DType.FP16;
        }

        @Override
        public Optional<Target> target() {
            return Optional.of(chip);
        }

        @Override
        public Executable compile(Program program) {
            return worker.compile(program);
        }

        @Override
        public Buffer allocate(TensorType type) {
            return worker.allocate(type);
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1", "m4", "m5", "strict", "m1/inmem", "m5@26/inmem", "strict/inmem"})
    void theSimulatorAndTheEngineOfOneTargetGetTheSameBytes(String name) {
        var target = Target.named(name);
        try (Engine cpu = new CpuEngine(1);
                Engine sim = new SimEngine(target, SimEngine.Mode.FAST, 1)) {
            var simulated = Placed.of(SMALL.training(2), Map.of(), sim, cpu).programs();
            var other = new OtherEngine(target, cpu);
            var placed = Placed.of(SMALL.training(2), Map.of(), other, cpu).programs();
            assertSame(simulated, placed);
        }
    }

    @Test
    void theSameGraphGivesTheSameBytesTwice() {
        try (Engine cpu = new CpuEngine(1)) {
            var m5 = new OtherEngine(Target.named("m5"), cpu);
            assertSame(
                    Placed.of(SMALL.training(1), Map.of(), m5, cpu).programs(),
                    Placed.of(SMALL.training(1), Map.of(), m5, cpu).programs());
        }
    }

    private static void assertSame(List<Program> expected, List<Program> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).text(), actual.get(i).text());
            assertEquals(expected.get(i).files(), actual.get(i).files());
        }
    }
}
