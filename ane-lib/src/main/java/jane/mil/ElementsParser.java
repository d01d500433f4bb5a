package jane.mil;

import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the bracketed elements of a tensor literal, flat or nested, without recursion and without
 * believing the declared size: memory grows with the text.
 */
final class ElementsParser {
    private final TokenStream tokens;
    private final Source source;
    private final TensorType type;
    private final Syntax.Type declared;

    /** Whether a hex integer among floats is their bits; else it is refused. */
    private final boolean patterns;

    /** Items seen so far in each open bracket; the first is the outermost. */
    private final int[] open = new int[Limits.DEPTH + 1];

    /** Length of the first closed bracket at each depth; -1 before there is one. */
    private final List<Integer> dims = new ArrayList<>();

    /** How deep the elements stand; 0 before the first. */
    private int leaf;

    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    /** Elements of {@code declared}, kept as those of {@code type}. */
    ElementsParser(TokenStream tokens, TensorType type, Syntax.Type declared, boolean patterns) {
        this.patterns = patterns;
        this.declared = declared;
        this.tokens = tokens;
        this.source = tokens.source();
        this.type = type;
    }

    /** The elements from the opening bracket to its match. */
    Syntax.Elements read() {
        int start = tokens.peek().offset();
        int depth = 0;
        do {
            while (tokens.peek().is("[")) {
                tokens.next();
                tokens.checkDepth(++depth);
                if (dims.size() < depth) {
                    dims.add(-1);
                }
                open[depth] = 0;
            }
            boolean empty = open[depth] == 0 && tokens.peek().is("]");
            if (!empty) {
                element(depth);
            }
            while (depth > 0 && tokens.peek().is("]")) {
                close(depth--);
            }
        } while (depth > 0 && comma());
        checkCount(start);
        return new Syntax.Elements(bytes.flip(), List.copyOf(dims));
    }

    private boolean comma() {
        tokens.expect(",", "an element");
        return true;
    }

    private void element(int depth) {
        var token = tokens.next();
        leaf = leaf == 0 ? depth : leaf;
        if (depth != leaf) {
            throw source.error(
                    token.offset(), "%s %d deep beside elements %d deep", token, depth, leaf);
        }
        if (!token.is(Token.Kind.NUMBER) && !token.is(Token.Kind.IDENT)) {
            throw source.error(token.offset(), "%s in a list of %s", token, element());
        }
        if (bytes.remaining() < 4) {
            bytes = grown(bytes);
        }
        if (!patterns && Numbers.isPattern(token.text())) {
            badNumber(token, ConstantReader.NO_PATTERN);
        }
        if (declared instanceof Syntax.Wide wide) {
            wide.problem(token.text()).ifPresent(need -> badNumber(token, need));
        }
        Numbers.put(bytes, type.dtype(), token.text()).ifPresent(need -> badNumber(token, need));
        open[depth]++;
    }

    private void badNumber(Token token, String need) {
        throw source.error(token.offset(), "%s is no %s; %s", token, element(), need);
    }

    private String element() {
        return declared instanceof Syntax.Wide wide ? wide.element() : type.dtype().mil();
    }

    private void close(int depth) {
        var bracket = tokens.next();
        int length = open[depth];
        int expected = dims.get(depth - 1);
        if (expected >= 0 && expected != length) {
            throw source.error(
                    bracket.offset(),
                    "a list of %d beside lists of %d; need lists of equal length",
                    length,
                    expected);
        }
        dims.set(depth - 1, length);
        open[depth - 1]++;
    }

    private void checkCount(int start) {
        int found = bytes.position() / type.dtype().sizeBytes();
        boolean fits = dims.size() == 1 || dims.equals(type.shape().toList());
        boolean empty = found == 0 && type.shape().size() == 0;
        if (found != type.shape().size() || !fits && !empty) {
            throw source.error(
                    start,
                    "elements %s for %s; need %d elements, nested like the shape or flat",
                    dims,
                    type,
                    type.shape().size());
        }
    }

    private static ByteBuffer grown(ByteBuffer full) {
        var larger = ByteBuffer.allocate(2 * full.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        return larger.put(full.flip());
    }
}
