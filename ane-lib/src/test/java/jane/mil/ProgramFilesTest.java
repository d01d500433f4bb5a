package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramFilesTest {
    @TempDir Path folder;

    private static Program withWeights() {
        for (long seed = 0; ; seed++) {
            var program = MilPrinter.print(RandomGraphs.of(seed));
            if (!program.files().isEmpty()) {
                return program;
            }
        }
    }

    @Test
    void aWrittenProgramReadsBack() {
        var program = withWeights();
        var target = folder.resolve("a/b");
        ProgramFiles.write(program, target);
        var read = ProgramFiles.read(target);
        assertEquals(program.text(), read.text());
        assertEquals(program.files(), read.files());
    }

    @Test
    void writingReplacesWhatWasThereAndLeavesNothingElse() throws IOException {
        ProgramFiles.write(withWeights(), folder);
        ProgramFiles.write(withWeights(), folder);
        try (var files = Files.walk(folder)) {
            assertEquals(2, files.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void aMissingWeightFileIsShownInTheText() throws IOException {
        ProgramFiles.write(withWeights(), folder);
        Files.delete(folder.resolve("weights/weight.bin"));
        assertMissing("weights/weight.bin");
    }

    @Test
    void aWeightFileOutsideTheFolderIsRefused() throws IOException {
        String text = withWeights().text().replace("weights/weight.bin", "../weight.bin");
        var model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("model.mil"), text);
        Files.write(folder.resolve("weight.bin"), new byte[4096]);
        folder = model;
        assertMissing("../weight.bin");
        var escaping = new Program(text, Map.of("../w.bin", ByteBuffer.allocate(1)), Map.of());
        var error = assertThrows(DataException.class, () -> ProgramFiles.write(escaping, folder));
        assertEquals(
                "[../w.bin] the weight file lies outside " + folder + "; need a path below it",
                error.getMessage());
    }

    private void assertMissing(String name) {
        var error = assertThrows(MilParseException.class, () -> ProgramFiles.read(folder));
        String first = error.getMessage().lines().findFirst().orElseThrow();
        assertEquals(
                "no weight file '"
                        + name
                        + "' in folder "
                        + folder
                        + "; need it there, or another folder",
                first.substring(first.indexOf("no weight")));
    }

    @Test
    void textThatIsMissingOrNotUtf8IsRefused() throws IOException {
        var file = folder.resolve("model.mil");
        var missing = assertThrows(DataException.class, () -> ProgramFiles.read(folder));
        assertEquals("[" + file + "] no such file", missing.getMessage());
        Files.write(file, new byte[] {(byte) 0xff});
        var binary = assertThrows(DataException.class, () -> ProgramFiles.read(folder));
        assertEquals("[" + file + "] not UTF-8; need MIL text", binary.getMessage());
    }
}
