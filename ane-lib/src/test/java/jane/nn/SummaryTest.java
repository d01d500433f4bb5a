package jane.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.tensor.Tensor;
import org.junit.jupiter.api.Test;

final class SummaryTest {
    private final Layer model =
            new Sequential(new Linear(3, 5), new Sequential(new ReLU(), new Linear(5, 2)));

    @Test
    void outerLayersComeBeforeTheirInnerOnes() {
        assertEquals(
                "[, linear1, sequential1, sequential1.relu1, sequential1.linear1]",
                Summary.of(model, Shape.of(7, 3)).rows().stream()
                        .map(Summary.Row::path)
                        .toList()
                        .toString());
    }

    @Test
    void eachRowCountsItsOwnSoThatColumnsAddUp() {
        var summary = Summary.of(model, Shape.of(7, 3));
        assertEquals(3 * 5 + 5 + 5 * 2 + 2, summary.parameters());
        assertEquals(
                summary.parameters(),
                summary.rows().stream().mapToLong(Summary.Row::parameters).sum());
        // two products with bias, and relu
        assertEquals(7 * (2 * 3 * 5 + 5) + 7 * 5 + 7 * (2 * 5 * 2 + 2), summary.flops());
        assertEquals(4 * 7 * (5 + 5 + 2), summary.outputBytes());
        assertEquals(0, summary.rows().get(0).flops());
    }

    @Test
    void ownParametersOfALayerWithInnerLayersAreCounted() {
        var outer =
                new Layer() {
                    private final jane.tensor.Parameter w = param("w", Tensor.ones(3));
                    private final Linear inner = layer("inner", new Linear(3, 3));

                    @Override
                    public Tensor forward(Tensor x) {
                        return inner.apply(x).mul(w);
                    }
                };
        var rows = Summary.of(outer, Shape.of(2, 3)).rows();
        assertEquals(3, rows.get(0).parameters());
        assertEquals(6, rows.get(0).flops());
        assertEquals(12, rows.get(1).parameters());
    }

    @Test
    void textMarkdownAndLatexSayTheSame() {
        var summary = Summary.of(model, Shape.of(7, 3));
        var totals = "32 parameters (128 B), outputs 336 B, 434 FLOPs forward for input [7, 3]";
        assertEquals(totals, summary.totals());
        assertTrue(summary.toString().endsWith(totals), summary.toString());
        assertTrue(
                summary.markdown()
                        .contains("| &nbsp;&nbsp;linear1: Linear(3 -> 5) | [7, 5] | 20 |"));
        assertTrue(summary.latex().contains("linear1: Linear(3 $\\to$ 5) & $[7, 5]$ & 20 &"));
    }

    @Test
    void inputThatDoesNotFitIsRefused() {
        var e = assertThrows(ShapeException.class, () -> Summary.of(model, Shape.of(7, 4)));
        assertEquals("[Linear(3 -> 5)] input has shape [7, 4]; need (..., 3)", e.getMessage());
    }

    @Test
    void sizesAreShort() {
        assertEquals("999 B", Summary.bytes(999));
        assertEquals("1.0 kB", Summary.bytes(1000));
        assertEquals("12 MB", Summary.bytes(12_345_678));
        assertEquals("1.0 MB", Summary.bytes(999_999));
        assertEquals("2.5 G", Summary.count(2_500_000_000L));
    }
}
