package jane.mil;

import jane.ir.Graph;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Reads MIL text back into the graph it says: the inverse of {@link MilPrinter}, and more, since it
 * takes what other generators write. Both dialects are read: scalar types plain or as {@code
 * tensor<int32, []>}, constants named or inline, lists nested or flat, floats in decimal, C99 hex
 * or as {@code fp16} bit patterns, attributes in any order.
 *
 * <p>A constant read as an operand becomes one node; one read as an attribute becomes part of the
 * op. Names of variables are kept in {@link Graph#names()}. Of several functions {@code main} is
 * read. What no output needs is checked and then left out.
 *
 * <p><b>Errors.</b> {@link MilParseException} with line, column and caret. Text is at most 64 Mi
 * characters, nested at most 64 deep, a tensor has at most 2^29 elements; nothing is allocated on
 * the word of a shape or a size in the text.
 *
 * <p><b>Source.</b> The grammar of coremltools' MIL text as public projects write it.
 */
public final class MilParser {
    private static final String MAIN = "main";

    private MilParser() {}

    /** The graph of {@code program}. */
    public static Graph parse(Program program) {
        return parse(program.text(), program.files());
    }

    /**
     * The graph of {@code text}.
     *
     * @param files weight files by path below {@code @model_path/}
     */
    public static Graph parse(String text, Map<String, ByteBuffer> files) {
        var source = new Source(text);
        var functions = SyntaxParser.parse(source).functions();
        for (var function : functions) {
            if (functions.size() == 1 || function.name().text().equals(MAIN)) {
                return new Binder(source, files).bind(function);
            }
        }
        throw source.error(
                functions.get(0).name().offset(),
                "functions %s; need one, or one that is named main",
                functions.stream().map(f -> f.name().text()).toList());
    }
}
