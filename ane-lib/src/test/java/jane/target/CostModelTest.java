package jane.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.mil.MilPrinter;
import jane.op.Contraction;
import jane.op.Elementwise;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostModelTest {
    private static final double MEDIAN_PERCENT = 25;

    /**
     * The constants of a family come from one collection of findings, the rows here from the other.
     */
    @Test
    void mediansOfThePublishedRowsAreWithinAQuarter() {
        for (var row : CostRows.ALL) {
            System.out.printf(
                    "%-7s %-32s %8.1f us measured %+7.1f %%%n",
                    row.chip(), row.name(), row.micros(), CostRows.percent(row));
        }
        for (var family : Family.values()) {
            double median = CostRows.medianPercent(family);
            System.out.printf("%s: median %.1f %%%n", family, median);
            assertTrue(median <= MEDIAN_PERCENT, family + ": " + median);
        }
    }

    @Test
    void everyConstantHasASource() {
        for (String name : Target.names()) {
            var constants = Target.named(name).cost().constants();
            assertEquals(
                    Arrays.asList(Quantity.values()),
                    constants.stream().map(Constant::quantity).sorted().toList());
            for (var c : constants) {
                assertTrue(c.source().matches("[RF] \\d.*"), c.source());
                assertTrue(c.value() > 0, name + c);
            }
        }
    }

    /** A family's constants come from one collection; M3's residency is the stated exception. */
    @Test
    void constantsAreNotFromTheCollectionThatTestsThem() {
        for (String name : Target.names()) {
            String tested = name.startsWith("m3") ? "R" : "F";
            for (var c : Target.named(name).cost().constants()) {
                boolean unused = c.source().contains("no row") || c.source().contains("no drop");
                assertTrue(unused || !c.source().startsWith(tested), name + " " + c);
            }
        }
    }

    @Test
    void addsDispatchPortsAndTheLargerOfArithmeticAndMemory() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(256, 512)));
        var w = CostRows.weight(512, 1024);
        var graph = CostRows.graph(x, Contraction.matmul(x, w));
        var cost = Target.named("m4").cost().of(graph);
        long flops = 2L * 256 * 512 * 1024;
        assertEquals(flops, cost.flops());
        assertEquals(92.5, cost.dispatchMicros());
        assertEquals(256 * 512 * 2 + 256 * 1024 * 2, cost.portBytes());
        assertEquals(cost.portBytes() / 24e3, cost.portMicros(), 1e-9);
        var matmul = cost.ops().get(0);
        assertEquals(flops / 5.7e6, matmul.computeMicros(), 1e-9);
        assertEquals(512 * 1024 * 2 / 120e3, matmul.memoryMicros(), 1e-9);
        assertEquals("compute", matmul.bound());
        assertEquals(92.5 + cost.portMicros() + matmul.computeMicros(), cost.micros(), 1e-9);
    }

    @Test
    void aValueTooLargeForTheChipSpills() {
        for (int rows : new int[] {1140, 1141}) { // of 1000 fp16: up to 2.28 MB stay on M1
            var x = Leaf.input(new TensorType(DType.FP16, Shape.of(rows, 1000)));
            var graph = CostRows.graph(x, Elementwise.exp(Elementwise.abs(x)));
            var cost = Target.named("m1").cost().of(graph);
            long spill = rows > 1140 ? rows * 2000L : 0;
            assertEquals(
                    List.of(spill, spill), cost.ops().stream().map(OpCost::spillBytes).toList());
        }
    }

    @Test
    void onM4LargeProductsDropToSevenTenths() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(4096, 4096)));
        var graph = CostRows.graph(x, Contraction.matmul(x, CostRows.weight(4096, 4096)));
        double micros = Target.named("m4").cost().of(graph).ops().get(0).computeMicros();
        assertEquals(2.0 * 4096 * 4096 * 4096 / (0.7 * 5.7e6), micros, 1e-6);
    }

    @Test
    void aProgramCostsWhatItsGraphDoes() {
        var x = Leaf.input(new TensorType(DType.FP16, Shape.of(64, 64)));
        var graph = CostRows.graph(x, Contraction.matmul(x, CostRows.weight(64, 64)));
        var m5 = Target.named("m5").cost();
        assertEquals(m5.of(graph).micros(), m5.of(MilPrinter.print(graph)).micros(), 1e-12);
    }
}
