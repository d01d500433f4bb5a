package jane.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Toy;
import jane.ir.Shape;
import jane.nn.GELU;
import jane.nn.Layer;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.nn.Summary;
import jane.optim.Sgd;
import jane.tensor.Tensor;
import jane.train.Confusion;
import jane.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class RenderersTest {
    private final Layer model = new Sequential(new Linear(2, 4), new GELU(), new Linear(4, 2));
    private final Trainer trainer =
            Trainer.of(model, Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(64, 0.1, 1))
                    .batchSize(16);

    @Test
    void everyKindOfValueHasTextAndHtmlWithoutStyleSheets() {
        var report = trainer.step().run(trainer.nextBatch());
        trainer.fit(1);
        List<Object> values =
                List.of(
                        Tensor.randn(3, 3),
                        new float[] {1, 2},
                        model,
                        model.parameters().get("linear1.weight"),
                        Summary.of(model, Shape.of(1, 2)),
                        trainer,
                        report,
                        trainer.epochs().get(0),
                        trainer.step().program(),
                        trainer.data());
        for (var value : values) {
            var display = Renderers.render(value).orElseThrow();
            var html = display.data().get("text/html");
            assertTrue(html != null, value.getClass().toString());
            assertFalse(
                    Pattern.compile("<style|style=|class=|id=|<script").matcher(html).find(), html);
            assertFalse(display.toString().isBlank());
        }
    }

    @Test
    void tensorShowsItsValuesAndHowManyAreNotNumbers() {
        var display = Renderers.render(Tensor.of(1, Float.NaN, 3, Float.POSITIVE_INFINITY));
        assertEquals(
                "tensor([1.0, NaN, 3.0, inf], tensor<fp32, [4]>)\n"
                        + "min 1.000, mean 2.000, max 3.000, std 1.000, 1 NaN, 1 infinite"
                        + "  |█                      █|",
                display.orElseThrow().toString());
    }

    @Test
    void hugeTensorIsSummarised() {
        var display = Renderers.render(Tensor.zeros(1000, 10_000)).orElseThrow();
        assertTrue(display.toString().length() < 1000, display.toString());
        assertTrue(display.data().get("text/html").length() < 2000);
        assertTrue(display.data().get("text/html").contains("10,000,000 values"));
    }

    @Test
    void emptyTensorAndScalarAreText() {
        assertEquals(
                "Tensor [0, 3] fp32, 0 values: no values",
                Renderers.render(Tensor.zeros(0, 3)).orElseThrow().toString());
        assertEquals(
                "tensor(2.0, fp32)", Renderers.render(Tensor.scalar(2)).orElseThrow().toString());
    }

    @Test
    void confusionIsAPictureWithATable() {
        var counts = Confusion.of(model, trainer.data());
        var display = Renderers.render(counts).orElseThrow();
        assertTrue(display.data().containsKey("image/png"));
        var alt = display.metadata().get("image/png").get("alt");
        assertTrue(alt.startsWith("Confusion matrix of 2 classes: "), alt);
        assertTrue(display.toString().contains("is \\ taken for"), display.toString());
    }

    @Test
    void valueThatIsNotOursIsLeftToTheHost() {
        assertEquals(Optional.empty(), Renderers.render("text"));
    }

    @Test
    void programHasLineNumbersAndBoldOps() {
        trainer.step().build(trainer.nextBatch());
        var display = Renderers.render(trainer.step().program()).orElseThrow();
        assertTrue(display.toString().startsWith("  1  program(1.3)\n"), display.toString());
        assertTrue(display.data().get("text/html").contains(" = <b>matmul</b>(x = x"));
    }
}
