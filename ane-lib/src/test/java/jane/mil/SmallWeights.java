package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.ConstData;
import jane.ir.Graph;
import jane.ir.Leaf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** Programs that add a constant w, stored small, to x. */
final class SmallWeights {
    private SmallWeights() {}

    static Graph parse(String statements, String type, Map<String, ByteBuffer> files) {
        return MilParser.parse(text(statements, type), files);
    }

    private static String text(String statements, String type) {
        return "program(1.3) { func main<ios18>(TYPE x) { ".replace("TYPE", type).concat(statements)
                + "TYPE y = add(x = x, y = w); } -> (y); }".replace("TYPE", type);
    }

    /** The constant w that is added to x. */
    private static ConstData weight(String statements, String type) {
        var graph = parse(statements, type, Map.of());
        return Leaf.data(graph.outputs().get(0).value().node().in(1));
    }

    static void assertWeight(String statements, String type, double... expected) {
        assertEquals(
                Arrays.toString(expected),
                Arrays.toString(weight(statements, type).dense().data()),
                statements);
    }

    static String problem(String statements, String type) {
        var error = assertThrows(MilParseException.class, () -> parse(statements, type, Map.of()));
        return error.getMessage()
                .lines()
                .findFirst()
                .orElseThrow()
                .replaceFirst("\\[mil] line 1, column [0-9]+: ", "");
    }
}
