package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.mil.Program;
import jane.nn.Summary;
import jane.notebook.RecordingNotebook;
import jane.notebook.chart.Picture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code %summary}, {@code %mil}, {@code %graph} and {@code %chart}, which only look. */
final class LookMagicsTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    @BeforeEach
    void session() {
        notebook.cell(
                "var model = new Sequential(new Linear(2, 4), new ReLU(), new Linear(4, 2));");
        notebook.cell(
                "var trainer = Trainer.of(model, Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(64,"
                        + " 0.1, 1)).batchSize(16).validation(Toy.moons(32, 0.1, 2));");
        notebook.cell("var v = new float[] {1, 3, 2}; var m = Tensor.eye(3);");
        notebook.cell("var loss = model.apply(Tensor.ones(1, 2)).square().mean();");
    }

    private Object value(String line) throws Exception {
        return notebook.magic(line).orElseThrow();
    }

    private String error(String cell) {
        return assertThrows(JaneException.class, () -> notebook.magic(cell)).getMessage();
    }

    @Test
    void summaryTakesAShapeOrATrainersBatch() throws Exception {
        assertEquals(22, ((Summary) value("%summary model 8x2")).parameters());
        assertEquals("[16, 2]", ((Summary) value("%summary trainer")).input().toString());
        assertTrue(((String) value("%summary model 8 2 --markdown")).startsWith("| layer |"));
        assertTrue(
                ((String) value("%summary model [8, 2] --latex")).startsWith("\\begin{tabular}"));
    }

    @Test
    void summaryNamesWhatIsWrong() {
        assertEquals(
                "[%summary] no input shape for Sequential; need one, as in %summary model 1x784",
                error("%summary model"));
        assertEquals(
                "[Linear(2 -> 4)] input has shape [8, 3]; need (..., 2)",
                error("%summary model 8x3"));
        assertEquals(
                "[%summary] dimension 1 of the shape is \"two\"; need a whole number",
                error("%summary model 8 two"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%mil model 1x2", "%mil trainer", "%mil loss"})
    void milGivesTheProgram(String line) throws Exception {
        assertTrue(((Program) value(line)).text().contains("func main<ios18>("));
    }

    @Test
    void milOfPlainValuesSaysThatNothingIsLeft() {
        assertTrue(error("%mil m").startsWith("[graph] tensor<fp32, [3, 3]> is plain values"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "%graph model 1x2; 'Graph \"model\"'",
                "%graph trainer; backward",
                "%graph loss; d_weight"
            })
    void graphIsAPicture(String line, String told) throws Exception {
        var picture = (Picture) value(line);
        assertTrue(picture.png().length > 1000);
        assertTrue((picture.alt() + picture.text()).contains(told), picture.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%chart v",
                "%chart line v title=\"three values\" x=index y=value --logy",
                "%chart bar v",
                "%chart hist m bins=4",
                "%chart heat m",
                "%chart scatter v v",
                "%chart scatter \"Toy.moons(20, 0.1, 1)\"",
                "%chart line \"List.of(1, 2, 3)\""
            })
    void chartDrawsEveryKind(String line) throws Exception {
        assertTrue(((Picture) value(line)).png().length > 1000);
    }

    @Test
    void chartDrawsTrainersAndRuns() throws Exception {
        assertEquals(
                "[%chart] no step was taken, so there are no losses; %train first",
                error("%chart trainer"));
        notebook.define("jane.train.Run", "run", value("%train trainer epochs=2"));
        assertTrue(((Picture) value("%chart run")).alt().contains("validation loss"));
    }

    @Test
    void chartOfNothingIsNamed() {
        assertEquals(
                "[%chart] nothing to draw; need a variable or expression, as in %chart line losses",
                error("%chart"));
        assertEquals(
                "[%chart] new double[0] has no values; need 1 or more",
                error("%chart line \"new double[0]\""));
        assertEquals(
                "[%chart] model is a layer, Sequential; need numbers, one row of them: an array, a"
                        + " list, a tensor of rank 1, a run or a trainer (%chart heat draws"
                        + " matrices)",
                error("%chart model"));
        assertEquals(
                "[%chart] scatter of 1 values [v]; need pairs x y, or a data set of points",
                error("%chart scatter v"));
    }
}
