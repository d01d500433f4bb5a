package jane.notebook.magics;

import jane.ir.DataException;
import jane.ir.JaneException;
import jane.nn.Layer;
import jane.notebook.Notebook;
import jane.notebook.Workspace;
import jane.notebook.magic.Magic;
import jane.notebook.magic.Nearest;
import jane.tensor.Tensor;
import jane.train.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a magic's line talks about: a variable by its name, or the value of a Java expression.
 *
 * <p><b>Errors.</b> One line that names what is there, and the nearest name.
 */
public final class Subjects {
    private static final String NAME = "[A-Za-z_$][A-Za-z0-9_$]*";

    private final Notebook notebook;
    private final Workspace workspace;

    /** Looks in {@code notebook}, and in {@code workspace} for what the session lost. */
    public Subjects(Notebook notebook, Workspace workspace) {
        this.notebook = notebook;
        this.workspace = workspace;
    }

    /** Whether {@code text} could name a variable. */
    static boolean isName(String text) {
        return text.matches(NAME);
    }

    /** The value that {@code text} names or computes. */
    Object value(Magic magic, String text) {
        if (isName(text)) {
            return workspace.find(notebook, text).orElseThrow(() -> unknown(magic, text));
        }
        return notebook.eval(text)
                .orElseThrow(
                        () ->
                                new JaneException(
                                        "%" + magic.name(),
                                        "\"%s\" gives no value; need a variable or an expression",
                                        text));
    }

    private JaneException unknown(Magic magic, String name) {
        var names = notebook.variables();
        boolean isNull = names.contains(name);
        return new JaneException(
                "%" + magic.name(),
                isNull
                        ? "variable %s is null%s; need a value: %s"
                        : "no variable %s%s; there are %s",
                name,
                isNull ? "" : Nearest.hint(name, names),
                isNull
                        ? "assign it first"
                        : names.isEmpty() ? "none yet" : String.join(", ", names));
    }

    /** The trainer that {@code words} begin with, or the only one there is. */
    Trainer trainer(Magic magic, List<String> words) {
        if (!words.isEmpty()) {
            return as(magic, words.get(0), Trainer.class, "a Trainer");
        }
        var names = names(Trainer.class);
        if (names.size() != 1) {
            throw new JaneException(
                    "%" + magic.name(),
                    names.isEmpty()
                            ? "no trainer%s; make one: var trainer = Trainer.of(model,"
                                    + " Loss.crossEntropy(), Adam.of(1e-3), data)"
                            : "which trainer? there are %s; name one",
                    names.isEmpty() ? "" : String.join(", ", names));
        }
        return as(magic, names.get(0), Trainer.class, "a Trainer");
    }

    /** The value of {@code text}, which must be of a kind. */
    <T> T as(Magic magic, String text, Class<T> kind, String need) {
        var value = value(magic, text);
        if (!kind.isInstance(value)) {
            throw new JaneException(
                    "%" + magic.name(),
                    "%s is %s; need %s%s",
                    text,
                    describe(value),
                    need,
                    others(kind));
        }
        return kind.cast(value);
    }

    /** A value in a few words, for messages. */
    static String describe(Object value) {
        if (value instanceof Tensor t) {
            return "a tensor " + t.shape();
        }
        if (value instanceof Layer layer) {
            return "a layer, " + layer.describe();
        }
        var name = value.getClass().getSimpleName();
        return "AEIOU".indexOf(name.isEmpty() ? ' ' : name.charAt(0)) >= 0
                ? "an " + name
                : "a " + name;
    }

    private String others(Class<?> kind) {
        var names = names(kind);
        return names.isEmpty() ? "" : ", such as " + String.join(", ", names);
    }

    /** Names of the variables of some kinds, kind by kind. */
    List<String> names(Class<?>... kinds) {
        return Arrays.stream(kinds)
                .flatMap(
                        kind ->
                                notebook.variables().stream()
                                        .filter(name -> find(name, kind).isPresent()))
                .toList();
    }

    /** What the variable {@code name} holds, if it is of a kind. */
    <T> Optional<T> find(String name, Class<T> kind) {
        return workspace.find(notebook, name).filter(kind::isInstance).map(kind::cast);
    }

    /** The tensor that {@code text} names or computes; numbers, arrays and lists become tensors. */
    Tensor tensor(Magic magic, String text) {
        var value = value(magic, text);
        return asTensor(value)
                .orElseThrow(
                        () ->
                                new JaneException(
                                        "%" + magic.name(),
                                        "%s is %s; need a tensor, or numbers in an array or list%s",
                                        text,
                                        describe(value),
                                        others(Tensor.class)));
    }

    /** A tensor with the numbers of {@code value}; empty if that holds anything else. */
    static Optional<Tensor> asTensor(Object value) {
        if (value instanceof Tensor t) {
            return Optional.of(t);
        }
        if (value instanceof float[] floats) {
            return Optional.of(Tensor.of(floats));
        }
        if (value instanceof float[][] rows) {
            return Optional.of(Tensor.of(rows));
        }
        if (value instanceof double[][] rows) {
            var narrow = new float[rows.length][];
            for (int i = 0; i < rows.length; i++) {
                narrow[i] = narrow(rows[i]);
            }
            return Optional.of(Tensor.of(narrow));
        }
        if (value instanceof Number number) {
            return Optional.of(Tensor.scalar(number.doubleValue()));
        }
        return numbers(value).map(numbers -> Tensor.of(narrow(numbers)));
    }

    private static float[] narrow(double[] values) {
        var narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    /** The numbers of a vector, array or list; empty if {@code value} is no such thing. */
    static Optional<double[]> numbers(Object value) {
        if (value instanceof double[] doubles) {
            return Optional.of(doubles);
        }
        if (value instanceof float[] floats) {
            var wide = new double[floats.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = floats[i];
            }
            return Optional.of(wide);
        }
        if (value instanceof int[] ints) {
            return Optional.of(java.util.Arrays.stream(ints).asDoubleStream().toArray());
        }
        if (value instanceof long[] longs) {
            return Optional.of(java.util.Arrays.stream(longs).asDoubleStream().toArray());
        }
        if (value instanceof Tensor t && t.shape().rank() == 1) {
            return numbers(t.toArray());
        }
        if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return Optional.of(
                    list.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray());
        }
        return Optional.empty();
    }

    /** A whole number of at least {@code least}. */
    static int whole(Magic magic, String what, String text, int least) {
        int value;
        try {
            value = Integer.parseInt(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new DataException(
                    e, "%" + magic.name(), "%s is \"%s\"; need a whole number", what, text);
        }
        if (value < least) {
            throw new JaneException(
                    "%" + magic.name(), "%s is %d; need %d or more", what, value, least);
        }
        return value;
    }

    /** A number. */
    static double number(Magic magic, String what, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new DataException(
                    e, "%" + magic.name(), "%s is \"%s\"; need a number such as 0.5", what, text);
        }
    }

    /** A shape written as {@code 2 3}, {@code 2x3}, {@code 2,3} or {@code [2, 3]}. */
    static int[] shape(Magic magic, List<String> words) {
        var text = String.join(" ", words).replaceAll("[\\[\\](),x×]", " ").strip();
        if (text.isEmpty()) {
            return new int[0];
        }
        var parts = text.split("\\s+");
        var dims = new int[parts.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = whole(magic, "dimension " + i + " of the shape", parts[i], 0);
        }
        return dims;
    }
}
