package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import jane.mil.ProgramFiles;
import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    private final Terminal terminal = new Terminal();

    @BeforeEach
    void writeProgram() throws IOException {
        Files.writeString(folder.resolve("model.mil"), TEXT);
    }

    private int cost(String... options) {
        var args = new ArrayList<>(List.of("mil", "cost", folder.resolve("model.mil").toString()));
        args.addAll(List.of(options));
        return terminal.jane(args.toArray(String[]::new));
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
                terminal.out());
    }

    @Test
    void constantsComeWithTheirSources() {
        assertEquals(0, cost("--target", "m4", "--constants"));
        assertTrue(
                terminal.out().contains("R 6.1, below the table: matmul 2048^2 on M4"),
                terminal::out);
    }

    @Test
    void printsJson() {
        assertEquals(0, cost("--target", "m5", "--json", "--constants"));
        var tree = JsonParser.parseString(terminal.out()).getAsJsonObject();
        double micros = Target.named("m5").cost().of(ProgramFiles.read(folder)).micros();
        assertEquals(micros, tree.get("micros").getAsDouble());
        assertEquals(2, tree.getAsJsonArray("ops").size());
        assertEquals(9, tree.getAsJsonArray("constants").size());
        assertEquals("m5", tree.get("target").getAsString());
    }

    @Test
    void aTargetIsNeeded() {
        assertEquals(2, cost());
        assertTrue(terminal.err().contains("Missing required option: '--target=T'"), terminal::err);
    }
}
