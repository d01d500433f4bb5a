package jane.op;

import jane.ir.Dense;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Einstein's sums of two operands: letters name axes; those that the result lacks are summed over.
 * No letter twice in one operand, no dots. A dimension of 1 broadcasts.
 */
public final class Einsum {
    /** The equation, such as {@code "nchw,nwhu->nchu"}, the one that MIL knows. */
    public record Equation(String equation) {}

    private static final Pattern FORM = Pattern.compile("([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)");

    /** Sum of products. */
    public static final Op<Equation> EINSUM =
            OpDef.<Equation>named("einsum")
                    .type((a, in) -> List.of(type(a, in)))
                    .is(Einsum::composed)
                    .mil(
                            Spelling.<Equation>of("einsum")
                                    .variadic("values")
                                    .string("equation", Equation::equation)
                                    .build(a -> new Equation(a.string("equation"))))
                    .reference(Einsum::loop)
                    .flops(Einsum::flops)
                    .build();

    static final List<Op<?>> ALL = List.of(EINSUM);

    private Einsum() {}

    /** Sum of products as {@code equation} says. */
    public static Value einsum(String equation, Value x, Value y) {
        return Node.of(EINSUM, new Equation(equation), List.of(x, y)).out();
    }

    /** The letters of both operands and of the result. */
    private record Letters(String x, String y, String out) {
        static Letters of(Equation a) {
            var match = FORM.matcher(a.equation().replace(" ", ""));
            if (!match.matches()) {
                throw refusal(a, "need two operands and a result, such as \"nchw,nwhu->nchu\"");
            }
            var letters = new Letters(match.group(1), match.group(2), match.group(3));
            for (var part : List.of(letters.x, letters.y, letters.out)) {
                if (part.chars().distinct().count() != part.length()) {
                    throw refusal(a, "need each letter once in '" + part + "'");
                }
            }
            for (char c : letters.out.toCharArray()) {
                if (letters.x.indexOf(c) < 0 && letters.y.indexOf(c) < 0) {
                    throw refusal(a, "no operand has '" + c + "'");
                }
            }
            return letters;
        }

        /** Letters of {@code from} which the others have or lack. */
        static String pick(String from, String one, boolean inOne, String two, boolean inTwo) {
            var picked = new StringBuilder();
            for (char c : from.toCharArray()) {
                if (one.indexOf(c) >= 0 == inOne && two.indexOf(c) >= 0 == inTwo) {
                    picked.append(c);
                }
            }
            return picked.toString();
        }
    }

    private static ShapeException refusal(Equation a, String need) {
        return new ShapeException("einsum", "equation \"%s\"; %s", a.equation(), need);
    }

    private static TensorType type(Equation a, List<TensorType> in) {
        if (in.size() != 2) {
            throw new ShapeException("einsum", "%d inputs; need 2", in.size());
        }
        Types.floats("einsum", in.get(0));
        Types.sameDtype("einsum", in.get(0), in.get(1));
        var letters = Letters.of(a);
        var dims = dims(a, letters, in.get(0).shape(), in.get(1).shape());
        return in.get(0).as(shape(letters.out, dims));
    }

    /** The length of each letter's axis. */
    private static Map<Character, Integer> dims(Equation a, Letters letters, Shape x, Shape y) {
        if (letters.x.length() != x.rank() || letters.y.length() != y.rank()) {
            throw refusal(a, "operands " + x + " and " + y + " do not have as many axes");
        }
        var dims = new LinkedHashMap<Character, Integer>();
        for (int i = 0; i < x.rank(); i++) {
            dims.put(letters.x.charAt(i), x.dim(i));
        }
        for (int i = 0; i < y.rank(); i++) {
            char c = letters.y.charAt(i);
            int one = dims.getOrDefault(c, 1);
            if (one != 1 && y.dim(i) != 1 && one != y.dim(i)) {
                throw refusal(
                        a,
                        String.format(
                                "axis '%s' is %d in operand %s and %d in %s",
                                c, one, x, y.dim(i), y));
            }
            dims.put(c, one == 1 ? y.dim(i) : one);
        }
        return dims;
    }

    private static Shape shape(String letters, Map<Character, Integer> dims) {
        return Shape.of(letters.chars().mapToObj(c -> dims.get((char) c)).toList());
    }

    /** One matrix product over the common letters of operands and result. */
    private static Value composed(Node<Equation> n) {
        var letters = Letters.of(n.attrs());
        var dims = dims(n.attrs(), letters, n.in(0).shape(), n.in(1).shape());
        var batch = Letters.pick(letters.out, letters.x, true, letters.y, true);
        var inner = Letters.pick(letters.x, letters.y, true, letters.out, false);
        var rows = Letters.pick(letters.out, letters.x, true, letters.y, false);
        var columns = Letters.pick(letters.out, letters.x, false, letters.y, true);
        var x = matrices(n.in(0), letters.x, batch, rows, inner, dims);
        var y = matrices(n.in(1), letters.y, batch, inner, columns, dims);
        var product = Contraction.matmul(x, y);
        var made = batch + rows + columns;
        var whole = Movement.reshape(product, shape(made, dims));
        var perm = letters.out.chars().mapToObj(c -> made.indexOf(c)).toList();
        return perm.equals(Reductions.all(whole.shape())) ? whole : Movement.transpose(whole, perm);
    }

    /** An operand as (batch..., rows, columns); letters that are none of these are summed over. */
    private static Value matrices(
            Value x,
            String letters,
            String batch,
            String rows,
            String columns,
            Map<Character, Integer> dims) {
        var kept = batch + rows + columns;
        var summed = new ArrayList<Integer>();
        var rest = new StringBuilder();
        for (int i = 0; i < letters.length(); i++) {
            if (kept.indexOf(letters.charAt(i)) < 0) {
                summed.add(i);
            } else {
                rest.append(letters.charAt(i));
            }
        }
        x = summed.isEmpty() ? x : Reductions.sum(x, summed, false);
        x = Movement.transpose(x, kept.chars().mapToObj(c -> rest.toString().indexOf(c)).toList());
        var full = new ArrayList<Integer>();
        for (int i = 0; i < kept.length(); i++) {
            // an axis of 1 broadcasts by itself among the batch, but not within a matrix
            full.add(i < batch.length() ? x.shape().dim(i) : dims.get(kept.charAt(i)));
        }
        x = Broadcasting.broadcastTo(x, Shape.of(full));
        var shape = new ArrayList<>(full.subList(0, batch.length()));
        shape.add(shape(rows, dims).size());
        shape.add(shape(columns, dims).size());
        return Movement.reshape(x, Shape.of(shape));
    }

    private static long flops(Node<Equation> n) {
        var letters = Letters.of(n.attrs());
        var dims = dims(n.attrs(), letters, n.in(0).shape(), n.in(1).shape());
        long product = 2;
        for (int d : dims.values()) {
            product *= d;
        }
        return product;
    }

    private static void loop(Equation a, List<Dense> in, Dense out) {
        var letters = Letters.of(a);
        var dims = dims(a, letters, in.get(0).shape(), in.get(1).shape());
        var names = new StringBuilder();
        dims.keySet().forEach(names::append);
        var space = shape(names.toString(), dims);
        for (int i = 0; i < space.size(); i++) {
            var at = Index.unravel(i, space);
            double product = 1;
            var operands = List.of(letters.x, letters.y);
            for (int k = 0; k < 2; k++) {
                var own = coordinates(operands.get(k), names.toString(), at);
                product *= in.get(k).get(Index.broadcast(own, in.get(k).shape()));
            }
            var to = coordinates(letters.out, names.toString(), at);
            out.data()[Index.ravel(to, out.shape())] += product;
        }
    }

    private static int[] coordinates(String letters, String names, int[] at) {
        return letters.chars().map(c -> at[names.indexOf(c)]).toArray();
    }
}
