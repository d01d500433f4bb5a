package jane.mil;

import jane.ir.Graph;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads MIL text back into the graph it says: the inverse of {@link MilPrinter}, and more, since it
 * takes what other generators write. Both dialects are read: scalar types plain or as {@code
 * tensor<int32, []>}, constants named or inline, lists nested or flat, floats in decimal, C99 hex
 * or as {@code fp16} bit patterns, attributes in any order.
 *
 * <p>A constant read as an operand becomes one node; one read as an attribute becomes part of the
 * op. What a {@code constexpr_*} op unpacks becomes a constant like any other. Names of variables
 * are kept in {@link Graph#names()}. Of several functions all are checked, and the one that {@link
 * Program#function()} says is read, else {@code main}. What no output needs is checked and then
 * left out. A parameter that is a state is an input of its name and, if it is written, an output
 * {@code next_<name>}; {@link States} says which.
 *
 * <p><b>Errors.</b> {@link MilParseException} with line, column and caret. Text is at most 64 Mi
 * characters, nested at most 64 deep, a tensor has at most 2^29 elements; nothing is allocated on
 * the word of a shape or a size in the text.
 *
 * <p><b>Source.</b> The grammar of coremltools' MIL text as public projects write it.
 */
public final class MilParser {
    private MilParser() {}

    /** The graph of {@code program}'s function. */
    public static Graph parse(Program program) {
        return parse(program.text(), program.files(), program.function());
    }

    /**
     * The graph of {@code text}.
     *
     * @param files weight files by path below {@code @model_path/}
     */
    public static Graph parse(String text, Map<String, ByteBuffer> files) {
        return parse(text, files, Optional.empty());
    }

    /** The graph of every function of {@code program}, by name, in the order of the text. */
    public static Map<String, Graph> parseAll(Program program) {
        var source = new Source(program.text());
        return graphs(bound(source, SyntaxParser.parse(source), program.files()));
    }

    /** Every function of {@code program}, by name. */
    static Map<String, Bound> bound(Program program) {
        var source = new Source(program.text());
        return bound(source, SyntaxParser.parse(source), program.files());
    }

    /** The name of the function that runs. */
    static String chosen(Program program) {
        var source = new Source(program.text());
        return SyntaxParser.parse(source).function(source, program.function()).name().text();
    }

    private static Map<String, Graph> graphs(Map<String, Bound> functions) {
        var graphs = new LinkedHashMap<String, Graph>();
        functions.forEach((name, bound) -> graphs.put(name, bound.graph()));
        return graphs;
    }

    private static Graph parse(
            String text, Map<String, ByteBuffer> files, Optional<String> function) {
        var source = new Source(text);
        var module = SyntaxParser.parse(source);
        var chosen = module.function(source, function).name().text();
        return bound(source, module, files).get(chosen).graph();
    }

    /** Blobs and what is unpacked are read once for all functions. */
    private static Map<String, Bound> bound(
            Source source, Syntax.Module module, Map<String, ByteBuffer> files) {
        var reader = new ConstantReader(source, files);
        var constexprs = new ConstexprBinder(source);
        var functions = new LinkedHashMap<String, Bound>();
        for (var function : module.functions()) {
            var bound = new Binder(source, reader, constexprs, function).bind();
            if (functions.put(function.name().text(), bound) != null) {
                throw source.error(
                        function.name().offset(),
                        "function %s is defined twice; need a new name",
                        function.name());
            }
        }
        return functions;
    }
}
