package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MilCheckCommandTest {
    private static final String TEXT =
            """
            program(1.3)
            {
                func main<ios18>(tensor<fp16, [20000, 32]> x) {
                    tensor<fp16, [20000, 32]> h = sin(x = x);
                    bool no = const()[val = bool(false)];
                    int32 last = const()[val = int32(-1)];
                    tensor<fp16, [20000, 32]> y = softmax(x = h, axis = last);
                } -> (y);
            }
            """;

    @TempDir Path folder;
    private final Terminal terminal = new Terminal();

    @BeforeEach
    void writeProgram() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT);
    }

    private int check(String... options) {
        var args = new ArrayList<>(List.of("mil", "check", folder.resolve("model.mil").toString()));
        args.addAll(List.of(options));
        return terminal.jane(args.toArray(String[]::new));
    }

    @Test
    void listsEveryViolationInTheProgramsOrder() {
        assertEquals(1, check("--target", "m1"));
        String tile = "tile that axis and join the parts";
        String wide = "need at most 16384 on m1: " + tile;
        assertEquals(
                """
                [ANE-C28] error: input 'x' (line 3): dimension 0 of tensor<fp16, [20000, 32]> is\
                 20000; WIDE
                [ANE-C28] error: sin 'h' (line 4): dimension 0 of tensor<fp16, [20000, 32]> is\
                 20000; WIDE
                [ANE-P02] error: sin 'h' (line 4): op sin on M1; need M3 or later on m1: rewrite it\
                 in older ops (sin and cos as polynomials), or leave it to the CPU
                [ANE-C28] error: softmax 'y' (line 7): dimension 0 of tensor<fp16, [20000, 32]> is\
                 20000; WIDE
                4 errors, 0 warnings, 0 notes on m1 (N rules)
                """
                        .replace("WIDE", wide),
                terminal.out().replaceAll("\\d+ rules", "N rules"));
        assertEquals("", terminal.err());
    }

    @Test
    void succeedsWhereNothingIsBroken() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT.replace("sin", "tanh"));
        assertEquals(0, check("--target", "m4"));
        assertTrue(
                terminal.out().startsWith("0 errors, 0 warnings, 0 notes on m4 ("), terminal::out);
    }

    @Test
    void strictIsTheUnionOfAllChips() {
        assertEquals(1, check("--target", "strict"));
        assertTrue(terminal.out().contains("4 errors"), terminal::out);
    }

    @Test
    void withoutATargetOnlyTheFormIsChecked() {
        assertEquals(0, check());
        assertEquals("main: well-formed, 2 ops, 1 input, 1 output\n", terminal.out());
    }

    @Test
    void everyFunctionMustBeWellFormed() throws IOException {
        String other = TEXT.replaceFirst("(?s).*?\\{", "").replace("main", "other");
        Files.writeString(folder.resolve("model.mil"), TEXT.replaceFirst("}\\s*$", "") + other);
        assertEquals(0, check());
        assertTrue(terminal.out().contains("other: well-formed, 2 ops"), terminal::out);
        Files.writeString(
                folder.resolve("model.mil"),
                TEXT.replaceFirst("}\\s*$", "") + other.replace("[20000, 32]> y", "[2, 32]> y"));
        assertEquals(1, check());
        assertTrue(terminal.err().contains("'y' is declared tensor<fp16, [2, 32]>"), terminal::err);
    }

    @Test
    void aFunctionThatIsNotThereIsNamed() {
        assertEquals(1, check("--function", "layer0"));
        assertTrue(
                terminal.err().endsWith("--function 'layer0' is not among [main]"), terminal::err);
    }

    @Test
    void warningsFailUnlessOnlyErrorsAreAskedFor() throws IOException {
        Files.writeString(
                folder.resolve("model.mil"),
                TEXT.replace("sin", "tanh").replace(", axis = last", ""));
        assertEquals(1, check("--target", "m4"));
        assertTrue(
                terminal.out().startsWith("[ANE-C01] warning: softmax 'y' (line 7)"),
                terminal::out);
        assertEquals(0, check("--target", "m4", "--errors"));
    }

    @Test
    void notesAreCountedAndListedOnRequest() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT.replace("sin", "silu"));
        assertEquals(0, check("--target", "m4"));
        assertTrue(terminal.out().contains("1 note on m4"), terminal::out);
        assertTrue(terminal.out().contains("; --notes lists the notes)"), terminal::out);
        assertEquals(0, check("--target", "m4", "--notes"));
        assertTrue(terminal.out().contains("[ANE-P04] note: silu 'h' (line 4)"), terminal::out);
    }

    @Test
    void showsWhereTheTextIsWrong() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT.replace("= sin(", "= sinn("));
        assertEquals(1, check("--target", "m4"));
        assertTrue(
                terminal.err().startsWith("[mil] line 4, column 39: unknown op 'sinn'"),
                terminal::err);
        assertTrue(terminal.err().endsWith("^"), terminal::err);
    }

    @Test
    void refusesAnUnknownTarget() {
        assertEquals(1, check("--target", "m44"));
        assertTrue(
                terminal.err()
                        .startsWith(
                                "[target m44] unknown chip 'm44'; did you mean 'm4'?; need one of"
                                        + " strict, m1, "),
                terminal::err);
    }
}
