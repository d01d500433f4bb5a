package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import jane.mil.ProgramFiles;
import jane.target.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MilCostCommandTest {
    private static final String TEXT =
            """
            program(1.3)
            {
                func main<ios18>(tensor<fp16, [1000, 1000]> x, tensor<fp16, [1000, 1000]> w) {
                    tensor<fp16, [1000, 1000]> h = matmul(x = x, y = w);
                    tensor<fp16, [1000, 1000]> y = relu(x = h);
                } -> (y);
            }
            """;

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeProgram() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT);
    }

    private int cost(String... options) {
        var args = new String[options.length + 2];
        args[0] = "cost";
        args[1] = folder.resolve("model.mil").toString();
        System.arraycopy(options, 0, args, 2, options.length);
        return new CommandLine(new MilCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Test
    void listsOpsPortsDispatchAndTheTotal() {
        assertEquals(0, cost("--target", "m4"));
        assertEquals(
                """
                        us  bound           MFLOP   weights KB     spill KB  op
                    350.88  compute       2000.00          0.0          0.0  matmul h
                      0.00  -                1.00          0.0          0.0  relu y
                    250.00  inputs and outputs, 6000.0 KB
                     92.50  dispatch
                    693.38  total on m4, predicted: 2001.00 MFLOP, 2.886 TFLOP/s
                """,
                out.toString());
    }

    @Test
    void constantsComeWithTheirSources() {
        assertEquals(0, cost("--target", "m4", "--constants"));
        assertTrue(
                out.toString().contains("R 6.1, below the table: matmul 2048^2 on M4"),
                out::toString);
    }

    @Test
    void printsJson() {
        assertEquals(0, cost("--target", "m5", "--json", "--constants"));
        var tree = JsonParser.parseString(out.toString()).getAsJsonObject();
        double micros = Target.named("m5").cost().of(ProgramFiles.read(folder)).micros();
        assertEquals(micros, tree.get("micros").getAsDouble());
        assertEquals(2, tree.getAsJsonArray("ops").size());
        assertEquals(9, tree.getAsJsonArray("constants").size());
        assertEquals("m5", tree.get("target").getAsString());
    }

    @Test
    void aTargetIsNeeded() {
        assertEquals(2, cost());
        assertTrue(err.toString().contains("Missing required option: '--target=T'"), err::toString);
    }
}
