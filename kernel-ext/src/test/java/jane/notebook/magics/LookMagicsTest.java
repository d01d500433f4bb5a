package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.mil.Program;
import jane.nn.Summary;
import jane.notebook.Display;
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
    void briefMilHasConstantsInTheirPlaces() throws Exception {
        notebook.cell("var one = new Linear(2, 1);");
        assertEquals(
                """
                program(1.3)
                {
                    func main<ios18>(tensor<fp32, [3, 2]> x, tensor<fp32, [1, 2]> weight,\
                 tensor<fp32, [1]> bias) {
                        tensor<fp32, [3, 1]> matmul_0 = matmul(x = x, y = weight,\
                 transpose_x = false, transpose_y = true);
                        tensor<fp32, [3, 1]> y = add(x = matmul_0, y = bias);
                    } -> (y);
                }
                shortened for reading; the program itself has 10 lines: %mil without --brief\
                """,
                value("%mil one 3x2 --brief").toString());
        var step = (Display) value("%mil trainer --brief");
        assertTrue(step.toString().contains(" = less(x = abs_0, y = 3.4028235E38);"));
        assertTrue(step.data().get("text/html").contains("</i> matmul_0 = <b>matmul</b>(x = x"));
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

    @Test
    void graphCallsTensorsByTheirVariables() throws Exception {
        notebook.cell("Tensor a = Tensor.scalar(2).requiresGrad(); Tensor b = Tensor.of(1, 2);");
        notebook.cell("var out = a.square().mul(b).sum();");
        var alt = ((Picture) value("%graph out")).alt();
        assertTrue(alt.startsWith("Graph \"out\": "), alt);
        assertTrue(alt.contains(" backward, from b and 1 parameter to out, d_a; "), alt);
        var unnamed = ((Picture) value("%graph Tensor.scalar(2).requiresGrad().square()")).alt();
        assertTrue(unnamed.contains(" and 1 parameter to y, d_x0; "), unnamed);
    }

    @Test
    void graphLeavesProductsWithOneOut() throws Exception {
        notebook.cell("Tensor t = Tensor.scalar(3).requiresGrad(); var cube = t.square().mul(t);");
        var text = ((Picture) value("%graph cube")).text();
        assertTrue(text.contains("backward\n"), text);
        assertTrue(!text.contains("mul(1, ") && !text.contains(", 1)"), text);
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
                "%chart line \"List.of(1, 2, 3)\"",
                "%chart confusion model \"Toy.moons(20, 0.1, 1)\" title=moons x=answer y=truth",
                "%chart confusion trainer trainer.data()"
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
    void confusionIsOfAModelOrOfCounts() throws Exception {
        notebook.cell("var counts = Confusion.of(new int[] {0, 1}, new int[] {1, 1}, 2);");
        assertEquals(
                "Confusion matrix \"counts\" of 2 classes: 50.0% of 2 right; most often 0 taken for"
                        + " 1 (1); lowest recall 0% (0).",
                ((Picture) value("%chart confusion counts")).alt());
        var alt = ((Picture) value("%chart confusion model trainer.data()")).alt();
        assertTrue(alt.startsWith("Confusion matrix \"model on moons\" of 2 classes: "), alt);
        assertEquals(
                "[%chart] confusion of 1 values [model]; need a model and a data set, as in"
                        + " %chart confusion model digits.test()",
                error("%chart confusion model"));
        assertEquals(
                "[%chart] v is a float[]; need a model or a trainer, such as model",
                error("%chart confusion v trainer.data()"));
        assertEquals(
                "[%chart] m is a tensor [3, 3]; need a data set",
                error("%chart confusion model m"));
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
