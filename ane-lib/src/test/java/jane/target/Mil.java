package jane.target;

import jane.mil.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Short MIL for tests. {@code fp16[1,4] y = add(x = x, y = x)} declares tensors by their dims;
 * {@code ints(0, 1)}, {@code int(1)}, {@code yes}, {@code no}, {@code text(valid)} and {@code
 * half(0.5)} are inline values; {@code blob fp16[3] w} is a constant in a weight file.
 */
final class Mil {
    private Mil() {}

    /** A program of {@code "inputs -> outputs"} and statements. */
    static Program of(String signature, String... statements) {
        return of("ios18", signature, List.of(statements));
    }

    static Program of(String opset, String signature, List<String> statements) {
        var parts = signature.split("->");
        var text = new StringBuilder("program(1.3)\n{\n    func main<" + opset + ">(");
        text.append(expand(parts[0].strip())).append(") {\n");
        statements.forEach(s -> text.append("        ").append(statement(s)).append(";\n"));
        text.append("    } -> (").append(parts[1].strip()).append(");\n}\n");
        return new Program(text.toString(), Map.of(), Map.of());
    }

    private static String statement(String s) {
        if (s.startsWith("blob ") || s.startsWith("named ")) {
            String declared = expand(s.substring(s.indexOf(' ') + 1));
            String type = declared.substring(0, declared.lastIndexOf(' '));
            String value =
                    s.startsWith("blob ")
                            ? "BLOBFILE(path = string(\"@model_path/w.bin\"), offset = uint64(64))"
                            : "";
            return declared + " = const()[val = " + type + "(" + value + ")]";
        }
        return expand(s);
    }

    private static String expand(String s) {
        return s.replaceAll("\\b([a-z]+[0-9]*)\\[([0-9, ]*)\\] (\\w+)", "tensor<$1, [$2]> $3")
                .replaceAll("\\bints\\(([-0-9, ]*)\\)", "tensor<int32, [#$1#]>([$1])")
                .replaceAll("\\bint\\(([-0-9]+)\\)", "int32($1)")
                .replaceAll("\\byes\\b", "bool(true)")
                .replaceAll("\\bno\\b", "bool(false)")
                .replaceAll("\\btext\\(([^)]*)\\)", "string(\"$1\")")
                .replaceAll("\\bhalf\\(", "fp16(")
                .transform(Mil::counts);
    }

    /** {@code #1, 2#} becomes the number of items. */
    private static String counts(String s) {
        var out = new StringBuilder();
        int from = 0;
        for (int at = s.indexOf('#'); at >= 0; at = s.indexOf('#', from)) {
            int end = s.indexOf('#', at + 1);
            out.append(s, from, at).append(s.substring(at + 1, end).split(",").length);
            from = end + 1;
        }
        return out.append(s.substring(from)).toString();
    }

    /**
     * {@code times} statements from a pattern with {@code %1$d} and, one before it, {@code %2$d}.
     */
    static List<String> chain(int times, String pattern) {
        var lines = new ArrayList<String>();
        for (int i = 1; i <= times; i++) {
            lines.add(String.format(pattern, i, i - 1));
        }
        return lines;
    }
}
