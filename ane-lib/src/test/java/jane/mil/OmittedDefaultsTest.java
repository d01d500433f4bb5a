package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Spelling;
import jane.ir.Value;
import jane.op.Ops;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that leaves a default out, or writes an attribute in its place, says the same. */
final class OmittedDefaultsTest {
    static Stream<Op<?>> ops() {
        return Ops.all().stream().filter(op -> op.spelling().isPresent());
    }

    @ParameterizedTest
    @MethodSource("ops")
    void eachDefaultMayBeLeftOut(Op<?> op) {
        defaults(op);
    }

    private static <A> void defaults(Op<A> op) {
        for (var param : op.spelling().orElseThrow().params()) {
            if (param instanceof Spelling.Attribute<A> a && a.fallback().isPresent()) {
                assertTrue(leftOut(op, a), () -> op.name() + ": no sample has " + a.name());
            }
        }
    }

    /** Whether a sample can have the default of {@code a}; its text is read without it. */
    private static <A> boolean leftOut(Op<A> op, Spelling.Attribute<A> a) {
        var random = new SplittableRandom(op.name().hashCode());
        for (int i = 0; i < 100; i++) {
            var sample = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random);
            @SuppressWarnings("unchecked") // the sample is one of this op
            var node = (Node<A>) sample.node();
            var changed = withDefault(node, a);
            if (changed.isPresent()) {
                var graph =
                        Graph.of(
                                sample.inputs(), List.of(new Graph.Port("y", changed.get().out())));
                var program = MilPrinter.print(graph);
                var without = program.text().replaceFirst("(, )?\\b" + a.name() + " = y_\\w+", "");
                same(graph, without.replace("(, ", "("), program);
                assertTrue(without.length() < program.text().length(), program.text());
                return true;
            }
        }
        return false;
    }

    /** The same op with one attribute as its default has it, if that fits the inputs. */
    private static <A> Optional<Node<A>> withDefault(Node<A> node, Spelling.Attribute<A> changed) {
        var spelling = node.op().spelling().orElseThrow();
        var literals = new HashMap<String, Literal>();
        for (var param : spelling.params()) {
            if (param instanceof Spelling.Attribute<A> a) {
                literals.put(a.name(), a.get().apply(node.attrs()));
            } else if (param instanceof Spelling.OptionalAttribute<A> a) {
                a.get().apply(node.attrs()).ifPresent(l -> literals.put(a.name(), l));
            }
        }
        literals.put(changed.name(), changed.fallback().orElseThrow());
        var types = node.inputs().stream().map(Value::type).toList();
        var results = node.outputs().stream().map(Value::type).toList();
        try {
            var attrs = spelling.read(new Spelling.Args(literals, results, types));
            return Optional.of(Node.of(node.op(), attrs, node.inputs()));
        } catch (JaneException e) {
            return Optional.empty(); // the default does not fit these inputs
        }
    }

    @ParameterizedTest
    @MethodSource("ops")
    void attributesMayBeWrittenInPlace(Op<?> op) {
        var random = new SplittableRandom(op.name().hashCode());
        for (int i = 0; i < 10; i++) {
            var graph = OpSamples.sample(op, OpSamples.Mode.SMOOTH, random).graph();
            var program = MilPrinter.print(graph);
            same(graph, inPlace(program.text()), program);
        }
    }

    /** Each reference to a constant of an attribute replaced by its value. */
    private static String inPlace(String text) {
        var names = new ArrayList<String>();
        var values = new ArrayList<String>();
        var constant = Pattern.compile("(y_\\w+) = const\\(\\)\\[.*, val = (.*)\\];").matcher(text);
        while (constant.find()) {
            names.add(constant.group(1));
            values.add(constant.group(2));
        }
        for (int i = 0; i < names.size(); i++) {
            text = text.replaceFirst(" = " + names.get(i) + "\\b", " = " + values.get(i));
        }
        return text;
    }

    private static void same(Graph graph, String text, Program program) {
        var parsed = MilParser.parse(text, program.files());
        assertEquals(graph.structure(), parsed.structure(), text);
    }
}
