package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.io.NpyArray;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.TensorType;
import jane.mil.BlobWriter;
import jane.mil.MilParser;
import jane.mil.ProgramFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MilCommandTest {
    private static final TensorType TYPE = TensorType.fp32(2, 3);
    private static final String TEXT =
            """
            program(1.0)
            {
                func main<ios16>(tensor<fp32, [2, 3]> x, fp32 scale) {
                    tensor<fp32, [2, 3]> scaled = mul(x = x, y = scale);
                    tensor<fp32, [2, 3]> y = add(x = scaled, y = fp32(0.5));
                } -> (y);
            }
            """;

    @TempDir Path folder;
    private final Terminal terminal = new Terminal();

    @BeforeEach
    void writeProgram() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT);
        npy("x.npy", ConstData.of(TYPE, 1, 2, 3, 4, 5, -6));
        npy("scale.npy", ConstData.of(TensorType.fp32(), 10));
    }

    private void npy(String name, ConstData data) {
        NpyArray.write(folder.resolve(name), data.type(), data.bytes());
    }

    /** Runs {@code jane mil}; {@code @} in an argument stands for the folder. */
    private int mil(String... args) {
        var all = new ArrayList<>(List.of("mil"));
        List.of(args).forEach(arg -> all.add(arg.replace("@", folder + "/")));
        return terminal.jane(all.toArray(String[]::new));
    }

    @Test
    void runComputesFromFilesToFiles() {
        int code =
                mil(
                        "run",
                        "@model.mil",
                        "--input",
                        "x=@x.npy",
                        "--input",
                        "scale=@scale.npy",
                        "--output",
                        "y=@y.npy");
        assertEquals("", terminal.err());
        assertEquals(0, code);
        assertEquals(
                "y: tensor<fp32, [2, 3]> -> " + folder.resolve("y.npy"), terminal.out().strip());
        var y = NpyArray.read(folder.resolve("y.npy"));
        assertEquals(
                ConstData.of(TYPE, 10.5, 20.5, 30.5, 40.5, 50.5, -59.5),
                ConstData.ofBytes(y.type(), y.data()));
    }

    @Test
    void runKeepsAStateAndStartsItAtZero() throws IOException {
        Files.writeString(
                folder.resolve("model.mil"),
                "program(1.3) { func main<ios18>(tensor<fp32, [2, 3]> x, state<tensor<fp32, [2,"
                        + " 3]>> s) { tensor<fp32, [2, 3]> was = read_state(input = s);"
                        + " tensor<fp32, [2, 3]> y = add(x = was, y = x); write_state(input = s,"
                        + " data = y); } -> (y); }");
        String run = "run @model.mil --input x=@x.npy --output next_s=@s.npy";
        for (String state : new String[] {"", " --input s=@s.npy"}) {
            assertEquals(0, mil((run + state).split(" ")), terminal::err);
        }
        var x = NpyArray.read(folder.resolve("x.npy"));
        var s = NpyArray.read(folder.resolve("s.npy"));
        var once = ConstData.ofBytes(x.type(), x.data()).dense().data();
        var twice = ConstData.ofBytes(s.type(), s.data()).dense().data();
        for (int i = 0; i < once.length; i++) {
            assertEquals(2 * once[i], twice[i], "element " + i);
        }
    }

    @Test
    void runSaysWhichInputIsMissingAndItsType() {
        assertEquals(1, mil("run", "@model.mil", "--input", "x=@x.npy"));
        assertEquals(
                "["
                        + folder.resolve("model.mil")
                        + "] no value for input 'scale'; need --input scale=FILE.npy with fp32",
                terminal.err());
    }

    @Test
    void runRefusesUnknownNames() {
        assertEquals(1, mil("run", "@model.mil", "--input", "z=@x.npy"));
        assertEquals(
                "[" + folder.resolve("model.mil") + "] --input 'z' is not among [x, scale]",
                terminal.err());
    }

    @Test
    void runRefusesAnInputOfAnotherType() {
        assertEquals(
                1, mil("run", "@model.mil", "--input", "x=@scale.npy", "--input", "scale=@x.npy"));
        assertEquals(
                "[" + folder.resolve("scale.npy") + "] holds fp32; need tensor<fp32, [2, 3]>",
                terminal.err());
    }

    @Test
    void runShowsWhereTheTextIsWrong() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT.replace("= mul(", "= mull("));
        assertEquals(1, mil("run", "@model.mil"));
        assertEquals(
                """
                [mil] line 4, column 39: unknown op 'mull'; did you mean 'mul'?
                        tensor<fp32, [2, 3]> scaled = mull(x = x, y = scale);
                                                      ^\
                """,
                terminal.err());
    }

    @Test
    void fmtPrintsTheSameProgramInOneForm() {
        assertEquals(0, mil("fmt", "@model.mil"));
        var given = MilParser.parse(ProgramFiles.read(folder));
        var printed = MilParser.parse(terminal.out(), Map.of());
        assertEquals(given.structure(), printed.structure());
        assertFalse(terminal.out().contains("y = fp32(0.5)"), terminal.out());
    }

    @Test
    void fmtWritesTextAndWeights() {
        assertEquals(0, mil("fmt", "@model.mil", "--out", "@formatted"));
        assertEquals(
                MilParser.parse(ProgramFiles.read(folder)).structure(),
                MilParser.parse(ProgramFiles.read(folder.resolve("formatted"))).structure());
    }

    @Test
    void fmtPrintsTheOtherDialectToo() {
        assertEquals(0, mil("fmt", "@model.mil", "--dialect", "B"));
        assertTrue(terminal.out().startsWith("program(1.0)\n"), terminal::out);
        assertTrue(
                terminal.out()
                        .contains(
                                "func main<ios16>(tensor<fp32, [2, 3]> x, tensor<fp32, []> scale)"),
                terminal::out);
        var given = MilParser.parse(ProgramFiles.read(folder));
        assertEquals(given.structure(), MilParser.parse(terminal.out(), Map.of()).structure());
    }

    @Test
    void fmtWritesBackAndThenChangesNothing() throws IOException {
        assertEquals(0, mil("fmt", "@model.mil", "--write"));
        assertEquals("", terminal.out());
        String once = Files.readString(folder.resolve("model.mil"));
        assertTrue(once.startsWith("program(1.3)\n"), once);
        assertEquals(0, mil("fmt", "@model.mil", "--write"));
        assertEquals(once, Files.readString(folder.resolve("model.mil")));
    }

    @Test
    void fmtMovesNoWeightsThatOthersMayRead() throws IOException {
        var blobs = new BlobWriter();
        blobs.add(ConstData.of(TYPE, 1, 2, 3, 4, 5, 6));
        Files.write(folder.resolve("w.bin"), blobs.bytes().array());
        String type = "tensor<fp32, [2, 3]>";
        String blob = "(BLOBFILE(path = string(\"@model_path/w.bin\"), offset = uint64(64)))";
        String text = TEXT.replace("y = fp32(0.5)", "y = " + type + blob);
        Files.writeString(folder.resolve("model.mil"), text);
        assertEquals(1, mil("fmt", "@model.mil", "--write"));
        assertEquals(
                "["
                        + folder.resolve("model.mil")
                        + "] --write would move weights [w.bin] to []; need --out DIR, which writes"
                        + " both",
                terminal.err());
        assertEquals(text, Files.readString(folder.resolve("model.mil")));
    }

    @Test
    void runTakesAFunctionByItsName() throws IOException {
        String other = TEXT.replaceFirst("(?s).*?\\{", "").replace("main", "other");
        Files.writeString(
                folder.resolve("model.mil"),
                TEXT.replaceFirst("}\\s*$", "") + other.replace("0.5", "7"));
        String[] inputs = {"--input", "x=@x.npy", "--input", "scale=@scale.npy"};
        String[] args = {"run", "@model.mil", "--output", "y=@y.npy", "--function", "other"};
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of(inputs));
        assertEquals(0, mil(all.toArray(String[]::new)), terminal::err);
        var y = NpyArray.read(folder.resolve("y.npy"));
        assertEquals(
                ConstData.of(TYPE, 17, 27, 37, 47, 57, -53), ConstData.ofBytes(y.type(), y.data()));
    }

    @Test
    void runInTheSimulatorInEitherMode() throws IOException {
        var type = new TensorType(DType.FP16, TYPE.shape());
        Files.writeString(
                folder.resolve("model.mil"),
                TEXT.replace("fp32", "fp16")
                        .replace(", fp16 scale", "")
                        .replace("y = scale)", "y = x)"));
        npy("x.npy", ConstData.of(type, 1, 2, 3, 4, 5, -6));
        for (String mode : List.of("exact", "fast")) {
            String[] args = {
                "run",
                "@model.mil",
                "--engine",
                "sim:m4",
                "--mode",
                mode,
                "--input",
                "x=@x.npy",
                "--output",
                "y=@y.npy"
            };
            assertEquals(0, mil(args), terminal::err);
            var y = NpyArray.read(folder.resolve("y.npy"));
            assertEquals(
                    ConstData.of(type, 1.5, 4.5, 9.5, 16.5, 25.5, 36.5),
                    ConstData.ofBytes(y.type(), y.data()));
        }
    }

    @Test
    void runRefusesAModeThatMeansNothing() {
        assertEquals(2, mil("run", "@model.mil", "--engine", "sim:m4", "--mode", "quick"));
        assertTrue(
                terminal.err().startsWith("[mil] unknown mode 'quick'; need exact or fast"),
                terminal::err);
        assertEquals(2, mil("run", "@model.mil", "--mode", "fast"));
        assertTrue(
                terminal.err().contains("[mil] --mode fast for engine cpu; need sim:TARGET"),
                terminal::err);
    }

    @Test
    void aCommandIsNeeded() {
        assertEquals(2, mil());
    }
}
