package jane.tensor;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tensors written as text: lines of numbers, or nested brackets as {@code [[1, 2], [3, 4]]}. Commas
 * and spaces both separate; {@code nan}, {@code inf}, {@code true} and {@code false} are numbers,
 * {@code #} and {@code //} begin a comment.
 *
 * <p><b>Shapes.</b> One line is a vector, several lines are a matrix, brackets nest as they stand.
 * <b>Errors.</b> {@link ShapeException} naming the row that is shorter or longer than the first, or
 * what is not a number.
 */
public final class TensorText {
    private static final int DEEPEST = 16;

    private final String text;
    private final List<Float> values = new ArrayList<>();
    private final List<Integer> dims = new ArrayList<>();
    private int at;

    private TensorText(String text) {
        this.text = text;
    }

    /** Reads values of one type. */
    public static Tensor parse(String text, DType dtype) {
        var lines =
                text.lines()
                        .map(line -> line.replaceAll("(#|//).*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .toList();
        if (lines.isEmpty()) {
            throw new ShapeException("tensor", "no values; need rows of numbers");
        }
        boolean bracketed = lines.get(0).startsWith("[");
        String joined =
                bracketed
                        ? lines.size() > 1 && depthZeroAfterFirst(lines)
                                ? "[" + String.join(" ", lines) + "]"
                                : String.join(" ", lines)
                        : lines.size() == 1
                                ? "[" + lines.get(0) + "]"
                                : "[[" + String.join("] [", lines) + "]]";
        return new TensorText(joined).tensor(dtype);
    }

    /** Whether each line is brackets of its own: {@code [1 2]} above {@code [3 4]}. */
    private static boolean depthZeroAfterFirst(List<String> lines) {
        var first = lines.get(0);
        return first.chars().filter(c -> c == '[').count()
                == first.chars().filter(c -> c == ']').count();
    }

    private Tensor tensor(DType dtype) {
        skip();
        list(0, "");
        skip();
        if (at < text.length()) {
            throw new ShapeException(
                    "tensor", "\"%s\" follows the closing bracket; need one list", rest());
        }
        var flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return Tensor.of(new TensorType(dtype, Shape.of(dims)), flat);
    }

    /** Reads a list at {@code depth}; {@code row} says which, for errors. Depth is bounded. */
    private void list(int depth, String row) {
        if (depth == DEEPEST) {
            throw new ShapeException("tensor", "brackets nest deeper than %d", DEEPEST);
        }
        at++; // the opening bracket
        boolean known = depth < dims.size();
        if (!known) {
            dims.add(-1);
        }
        int count = 0;
        for (skip(); at < text.length() && text.charAt(at) != ']'; skip()) {
            boolean list = text.charAt(at) == '[';
            boolean leaf = depth == dims.size() - 1;
            if (list && known && leaf || !list && !leaf) {
                throw new ShapeException(
                        "tensor",
                        "%s has %s where the first has %s; need the same depth everywhere",
                        row.isEmpty() ? "the list" : "row " + row.strip(),
                        list ? "a list" : "a number",
                        list ? "numbers" : "lists");
            }
            if (list) {
                list(depth + 1, row + " " + count);
            } else {
                values.add(number(row, count));
                known = true;
            }
            count++;
        }
        if (at == text.length()) {
            throw new ShapeException("tensor", "a bracket is not closed; need one more ]");
        }
        at++;
        length(depth, count, row);
    }

    private void length(int depth, int count, String row) {
        if (dims.get(depth) < 0) {
            dims.set(depth, count);
        } else if (dims.get(depth) != count) {
            throw new ShapeException(
                    "tensor",
                    "row %s has %d values, the first has %d; need rows of one length",
                    row.strip(),
                    count,
                    dims.get(depth));
        }
    }

    private void skip() {
        while (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) <= ' ')) {
            at++;
        }
    }

    private float number(String row, int column) {
        int start = at;
        while (at < text.length() && "[], \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        switch (word.toLowerCase(Locale.ROOT)) {
            case "nan":
                return Float.NaN;
            case "inf", "+inf":
                return Float.POSITIVE_INFINITY;
            case "-inf":
                return Float.NEGATIVE_INFINITY;
            case "true":
                return 1;
            case "false":
                return 0;
            default:
                break;
        }
        try {
            return Float.parseFloat(word);
        } catch (NumberFormatException e) {
            throw new ShapeException(
                    "tensor",
                    "\"%s\" in row %s, column %d is not a number; need one such as 1.5, 1e-3, nan",
                    word,
                    row.isEmpty() ? "0" : row.strip(),
                    column);
        }
    }

    private String rest() {
        String rest = text.substring(at);
        return rest.length() > 20 ? rest.substring(0, 20) + "..." : rest;
    }
}
