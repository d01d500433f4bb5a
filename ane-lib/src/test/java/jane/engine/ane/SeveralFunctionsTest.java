package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.Dialect;
import jane.mil.Functions;
import jane.mil.MilParser;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.op.Elementwise;
import jane.target.Route;
import jane.target.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs of several functions on a device that takes one. */
class SeveralFunctionsTest {
    private static final TensorType TYPE = new TensorType(DType.FP16, Shape.of(1, 4, 1, 64));

    /** y = x + shift. */
    private static Graph plus(double shift) {
        var x = Leaf.input(TYPE);
        return Graph.of(
                List.of(new Graph.Port("x", x)),
                List.of(new Graph.Port("y", Elementwise.shift(x, shift))));
    }

    private static Program both() {
        return MilPrinter.print(Map.of("main", plus(1), "other", plus(2)), Dialect.A);
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void theOneThatIsChosenRuns(Route route) {
        var folder = StandIn.folder(route);
        StandIn.in(folder, route);
        var bridge = StandIn.bridge(folder, Device.ANE, route);
        var target = Target.named("m5").by(route);
        try (var ane = new AneEngine("ane", target, bridge, 127, () -> 0L, text -> {});
                var x = ane.allocate(TYPE);
                var y = ane.allocate(TYPE)) {
            var values = new float[256];
            Arrays.fill(values, 5);
            x.put(values);
            for (var name : List.of("other", "main")) {
                ane.compile(both().withFunction(name)).bind(Map.of("x", x, "y", y)).run();
                assertEquals(name.equals("main") ? 6 : 7, y.get(17), name);
            }
            assertEquals(2, ane.compiled());
        }
    }

    @Test
    void aProgramOfMainAloneStaysAsItIs() {
        var program = MilPrinter.print(plus(1));
        assertSame(program, Functions.alone(program, MilParser.parse(program)));
    }
}
