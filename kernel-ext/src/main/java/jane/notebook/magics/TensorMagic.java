package jane.notebook.magics;

import jane.ir.JaneException;
import jane.notebook.Notebook;
import jane.notebook.chart.ContactSheet;
import jane.notebook.chart.HeatMap;
import jane.notebook.chart.Picture;
import jane.notebook.magic.Magic;
import jane.notebook.magic.Nearest;
import jane.notebook.magics.view.TensorView;
import jane.tensor.Tensor;
import jane.tensor.TensorText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code %tensor}: makes tensors, and looks at them. */
public final class TensorMagic implements Magic {
    private final Notebook notebook;
    private final Subjects subjects;

    /** Shows in {@code notebook}. */
    public TensorMagic(Notebook notebook, Subjects subjects) {
        this.notebook = notebook;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "tensor";
    }

    @Override
    public String summary() {
        return "Makes a tensor, or looks at one: shape, statistics, values as a picture.";
    }

    @Override
    public Kind kind() {
        return Kind.BOTH;
    }

    @Override
    public String usage() {
        return "x = KIND SHAPE | x = JAVA | x";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("seed", "N", "random numbers as after %seed N"),
                new Option("dtype", "TYPE", "fp32, fp16, int32 ..."),
                new Option("value", "X", "of full"),
                new Option("low", "X", "least of rand"),
                new Option("high", "X", "upper end of rand"),
                new Option("as", "PICTURE", "heat, image or hist"));
    }

    @Override
    public List<String> completions(String word) {
        return Stream.concat(subjects.names(Tensor.class).stream(), TensorMaker.KINDS.stream())
                .toList();
    }

    @Override
    public String details() {
        return "%tensor x = randn 2 3 seed=1       also zeros, ones, full, rand, arange, linspace,"
                + " eye\n"
                + "%tensor y = x.matmul(x.transpose())  any Java that gives a tensor or"
                + " numbers\n"
                + "%tensor y                          looks; as=heat, as=image or as=hist\n"
                + "%%tensor m fp16                    takes the values from the cell below: rows"
                + " of numbers\n"
                + "Gives the tensor. In Java: Tensor.randn(2, 3), Tensor.of(new float[][]"
                + " {...})";
    }

    @Override
    public Optional<Object> run(Call call) {
        if (call.cell()) {
            return Optional.of(fromBody(call));
        }
        if (call.words().isEmpty()) {
            throw new JaneException(
                    "%tensor",
                    "nothing to make or look at; need %%tensor x = randn 2 3, or %%tensor x%s",
                    subjects.names(Tensor.class).isEmpty()
                            ? ""
                            : " with one of " + subjects.names(Tensor.class));
        }
        return Optional.of(
                isAssignment(call.line()) ? assign(call) : made(call).orElseGet(() -> look(call)));
    }

    private static boolean isAssignment(String line) {
        return line.strip().matches("(?s)[A-Za-z_$][\\w$]*\\s*=[^=].*");
    }

    private Tensor assign(Call call) {
        int equals = call.line().indexOf('=');
        String name = call.line().substring(0, equals).strip();
        var words = call.words().stream().dropWhile(word -> !word.startsWith("=")).toList();
        var maker = new TensorMaker(this, call, values(words));
        Tensor tensor =
                maker.applies()
                        ? maker.make()
                        : subjects.tensor(this, java(call.line().substring(equals + 1)));
        notebook.define("jane.tensor.Tensor", name, tensor);
        return tensor;
    }

    /** The words after an equals sign, which may stick to the first of them. */
    private static List<String> values(List<String> words) {
        if (words.isEmpty()) {
            return List.of();
        }
        var first = words.get(0).substring(1);
        var rest = words.stream().skip(1);
        return first.isEmpty() ? rest.toList() : Stream.concat(Stream.of(first), rest).toList();
    }

    private String java(String right) {
        var expression = right.strip();
        if (expression.endsWith(";")) {
            expression = expression.substring(0, expression.length() - 1);
        }
        if (expression.matches("[a-z]+(\\s+[-+.\\dx×,\\[\\]]+)+")) {
            var first = expression.split("\\s+")[0];
            throw new JaneException(
                    "%tensor",
                    "cannot make \"%s\"%s; need one of %s and a shape, or a Java expression",
                    expression,
                    Nearest.hint(first, TensorMaker.KINDS),
                    String.join(", ", TensorMaker.KINDS));
        }
        return expression;
    }

    /** {@code %tensor randn 2 3}, as right of {@code Tensor x =}. */
    private Optional<Tensor> made(Call call) {
        var maker = new TensorMaker(this, call, call.words());
        boolean isVariable = notebook.variables().contains(call.words().get(0));
        return maker.applies() && !isVariable ? Optional.of(maker.make()) : Optional.empty();
    }

    private Tensor look(Call call) {
        var text = String.join(" ", call.words());
        var tensor = subjects.tensor(this, text);
        var picture =
                call.has("as")
                        ? Optional.of(picture(call.option("as", ""), text, tensor))
                        : TensorView.picture(text, tensor);
        picture.ifPresent(p -> notebook.show(p.display()));
        return tensor;
    }

    private static Picture picture(String kind, String name, Tensor tensor) {
        switch (kind) {
            case "heat":
                return HeatMap.of(tensor).title(name);
            case "image":
                return ContactSheet.of(tensor).title(name);
            case "hist":
                return TensorView.histogram(name, tensor);
            default:
                throw new JaneException(
                        "%tensor", "as=%s; need as=heat, as=image or as=hist", kind);
        }
    }

    private Tensor fromBody(Call call) {
        if (call.words().isEmpty() || !Subjects.isName(call.words().get(0))) {
            throw new JaneException(
                    "%%tensor",
                    "\"%s\" does not begin with a variable's name; need %%%%tensor x, values below",
                    call.line());
        }
        var dtype =
                TensorMaker.dtype(
                        this,
                        call.words().size() > 1
                                ? call.words().get(1)
                                : call.option("dtype", "fp32"));
        var tensor = TensorText.parse(call.body(), dtype);
        notebook.define("jane.tensor.Tensor", call.words().get(0), tensor);
        return tensor;
    }
}
