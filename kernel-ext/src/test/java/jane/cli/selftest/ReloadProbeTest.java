package jane.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Engines;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hypothesis (g). */
class ReloadProbeTest {
    private static final TensorType TYPE = new TensorType(DType.FP16, Shape.of(1, 2, 1, 32));

    private static Program plus(double w) {
        var values = new double[64];
        Arrays.fill(values, w);
        var x = Leaf.input(TYPE);
        var y = Elementwise.add(x, Leaf.constant(ConstData.of(TYPE, values)));
        return MilPrinter.print(
                Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y))));
    }

    private static Line asked(String engine, float before, float after) {
        var values = new float[64];
        Arrays.fill(values, 1);
        var probe = new ReloadProbe(plus(2), plus(6).files(), Map.of("x", values), before, after);
        try (var open = Engines.open(engine, 1)) {
            return probe.on(new Place(open, Evidence.SIMULATED));
        }
    }

    @Test
    void findsWhichWeightsAProgramHasThatIsLoadedAgain() {
        var stale = asked("sim:m5/inmem", 3, 7);
        assertEquals(Verdict.OK, stale.verdict(), stale::text);
        assertEquals("the old weights: y = 3.0", stale.found());
        var fresh = asked("sim:m4@15/inmem", 3, 7);
        assertEquals(Verdict.OK, fresh.verdict(), fresh::text);
        assertEquals("the new weights: y = 7.0", fresh.found());
    }

    @Test
    void otherResultsDiffer() {
        var wrong = asked("sim:m5/inmem", 4, 7);
        assertEquals(Verdict.DIFFERS, wrong.verdict());
        assertEquals("before that, y = 3.0", wrong.found());
        var neither = asked("sim:m4@15/inmem", 3, 8);
        assertEquals(Verdict.DIFFERS, neither.verdict());
        assertEquals("neither: y = 7.0", neither.found());
    }

    @Test
    void onE5rtItCannotBeAsked() {
        var line = asked("sim:m5", 3, 7);
        assertEquals(Verdict.UNAVAILABLE, line.verdict());
        assertTrue(line.found().contains("e5rt"), line::found);
    }
}
