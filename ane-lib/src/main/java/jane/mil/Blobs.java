package jane.mil;

import java.util.ArrayList;
import java.util.List;

/** The blob references of a program, in the order of the text. */
final class Blobs {
    private Blobs() {}

    static List<Syntax.Blob> of(Syntax.Module module) {
        var blobs = new ArrayList<Syntax.Blob>();
        for (var function : module.functions()) {
            for (var statement : function.statements()) {
                statement.args().forEach(arg -> collect(arg.operand(), blobs));
            }
        }
        return blobs;
    }

    /** Recursion is bounded: the parser refuses deep tuples. */
    private static void collect(Syntax.Operand operand, List<Syntax.Blob> blobs) {
        if (operand instanceof Syntax.Tuple tuple) {
            tuple.items().forEach(item -> collect(item, blobs));
        } else if (operand instanceof Syntax.Literal literal
                && literal.payload() instanceof Syntax.Blob blob) {
            blobs.add(blob);
        }
    }
}
