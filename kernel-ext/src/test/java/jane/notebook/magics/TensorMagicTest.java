package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.Jane;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.notebook.RecordingNotebook;
import jane.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TensorMagicTest {
    private final RecordingNotebook notebook = new RecordingNotebook();

    private Tensor tensor(String cell) throws Exception {
        return (Tensor) notebook.magic(cell).orElseThrow();
    }

    private String error(String cell) {
        return assertThrows(JaneException.class, () -> notebook.magic(cell)).getMessage();
    }

    @Test
    void seededNumbersAreThoseOfTheSessionSeededSo() throws Exception {
        var made = tensor("%tensor x = randn 2 3 seed=5");
        Jane.seed(5);
        assertArrayEquals(Tensor.randn(2, 3).toArray(), made.toArray());
        assertEquals(made, notebook.variable("x").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "zeros 2 3; [2, 3]; 0",
                "ones 2x3; [2, 3]; 6",
                "ones [4]; [4]; 4",
                "full 2 2 value=2.5; [2, 2]; 10",
                "arange 5; [5]; 10",
                "linspace 0 1 3; [3]; 1.5",
                "eye 3; [3, 3]; 3",
                "rand 4 low=1 high=1; [4]; 4",
                "Tensor.ones(2).mul(3); [2]; 6",
                "new double[] {1, 2}; [2]; 3",
                "List.of(1, 2, 3); [3]; 6",
                "7; []; 7"
            })
    void makesWhatTheLineSays(String right, String shape, double sum) throws Exception {
        var made = tensor("%tensor x = " + right);
        assertEquals(shape, made.shape().toString());
        assertEquals(sum, made.sum().item(), 1e-6);
        assertEquals(1, notebook.variables().size());
    }

    @Test
    void dtypeIsTaken() throws Exception {
        assertEquals(DType.FP16, tensor("%tensor x = ones 2 dtype=fp16").dtype());
        assertEquals(
                "[%tensor] no dtype fp61 (did you mean fp16?); need one of fp32, fp16, int32,"
                        + " int16, int8, uint16, uint8, bool",
                error("%tensor x = ones 2 dtype=fp61")
                        .replaceAll("one of .*", "one of " + dtypes()));
    }

    private static String dtypes() {
        return "fp32, fp16, int32, int16, int8, uint16, uint8, bool";
    }

    @Test
    void canBeAssigned() throws Exception {
        assertEquals(Shape.of(2, 2), tensor("%tensor zeros 2 2").shape());
        assertEquals(0, notebook.variables().size());
    }

    @Test
    void takesValuesFromTheCell() throws Exception {
        var m = tensor("%%tensor m fp16\n1, 2, 3\n4 5 6\n");
        assertEquals("tensor<fp16, [2, 3]>", m.type().toString());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, m.toArray());
        assertEquals(m, notebook.variable("m").orElseThrow());
    }

    @Test
    void raggedRowsAreNamed() {
        assertEquals(
                "[tensor] row 1 has 2 values, the first has 3; need rows of one length",
                error("%%tensor m\n1 2 3\n4 5"));
        assertTrue(notebook.variables().isEmpty());
    }

    @Test
    void lookingShowsAPictureWithAlternativeTextAndGivesTheTensor() throws Exception {
        var made = tensor("%tensor x = randn 8 8 seed=1");
        assertEquals(0, notebook.outputs().size());
        assertEquals(made, tensor("%tensor x"));
        var shown = notebook.outputs().get(0);
        assertTrue(shown.data().containsKey("image/png"));
        assertTrue(shown.metadata().get("image/png").get("alt").contains("[8, 8]"));
    }

    @Test
    void picturesCanBeChosen() throws Exception {
        tensor("%tensor x = rand 2 1 8 8 seed=1");
        for (var kind : new String[] {"heat", "image", "hist"}) {
            tensor("%tensor x as=" + kind);
        }
        assertEquals(3, notebook.outputs().size());
        assertEquals(
                "[%tensor] as=pie; need as=heat, as=image or as=hist", error("%tensor x as=pie"));
    }

    @Test
    void unknownVariableNamesTheNearest() throws Exception {
        tensor("%tensor weights = ones 2");
        assertEquals(
                "[%tensor] no variable weihgts (did you mean weights?); there are weights",
                error("%tensor weihgts"));
    }

    @Test
    void variableThatIsNoTensorIsNamed() {
        notebook.cell("var name = \"text\";");
        assertEquals(
                "[%tensor] name is a String; need a tensor, or numbers in an array or list",
                error("%tensor name"));
    }

    @Test
    void misspeltKindNamesTheNearest() {
        assertEquals(
                "[%tensor] cannot make \"rnadn 2 3\" (did you mean randn?); need one of zeros,"
                        + " ones, full, rand, randn, arange, linspace, eye and a shape, or a Java"
                        + " expression",
                error("%tensor z = rnadn 2 3"));
    }

    @Test
    void wrongNumbersAreNamed() {
        assertEquals(
                "[%tensor] linspace has 2 numbers; need first, last and count, as in linspace 0 1"
                        + " 50",
                error("%tensor z = linspace 0 1"));
        assertEquals(
                "[%tensor] seed is \"one\"; need a number such as 0.5",
                error("%tensor z = randn 2 seed=one"));
        assertEquals(
                "[shape] [100000, 100000] has more than 2^31 - 1 elements; use a smaller shape",
                error("%tensor z = zeros 100000 100000"));
    }
}
