package jane.notebook.magics;

import jane.ir.JaneException;
import jane.notebook.Notebook;
import jane.notebook.magic.Magic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code %%layer Name(...)}: a layer of one's own, written as its parameters and its formula. */
public final class LayerMagic implements Magic {
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+):\\s*");

    private final Notebook notebook;
    private final Map<String, String> shims = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();

    /** Defines classes in {@code notebook}. */
    public LayerMagic(Notebook notebook) {
        this.notebook = notebook;
    }

    @Override
    public String name() {
        return "layer";
    }

    @Override
    public String summary() {
        return "Defines a layer: its parameters, then what it makes of the input x.";
    }

    @Override
    public Kind kind() {
        return Kind.CELL;
    }

    @Override
    public String usage() {
        return "Name(TYPE a, TYPE b)";
    }

    @Override
    public String details() {
        return "%%layer Gated(int in, int out)\n"
                + "param w = Tensor.randn(in, out).mul(0.1);   a trained parameter\n"
                + "layer gate = new Linear(in, out);           an inner layer; state is like"
                + " param, untrained\n"
                + "return x.matmul(w).mul(gate.apply(x).sigmoid());\n"
                + "The class is there at once: new Gated(4, 8). Run the cell again with another"
                + " body: objects made\n"
                + "from then on have it, older ones keep theirs and their weights.\n"
                + "In Java: class Gated extends Layer { ... }";
    }

    @Override
    public Optional<Object> run(Call call) {
        var cell = LayerCell.parse(call.line(), call.body());
        evaluate(cell, cell.definition());
        if (!cell.shim().equals(shims.get(cell.name()))) {
            evaluate(cell, cell.shim());
            shims.put(cell.name(), cell.shim());
            versions.put(cell.name(), 0);
        }
        int version = versions.merge(cell.name(), 1, Integer::sum);
        return Optional.of(description(cell, version));
    }

    private static String description(LayerCell cell, int version) {
        String parts =
                cell.parts().stream()
                        .map(part -> part.kind() + " " + part.name())
                        .collect(Collectors.joining(", "));
        return cell.signature()
                + (version > 1 ? " has a new body, version " + version : " is a layer now")
                + (parts.isEmpty() ? ", without parameters" : ": " + parts)
                + (version > 1 ? "; objects made before keep theirs" : "");
    }

    private void evaluate(LayerCell cell, String java) {
        try {
            notebook.eval(java);
        } catch (JaneException e) {
            throw located(cell, e);
        }
    }

    /** The compiler's complaint with its place in the cell, as one line. */
    private static JaneException located(LayerCell cell, JaneException e) {
        Matcher place = PLACE.matcher(e.getMessage());
        String where = "%%layer " + cell.name();
        if (!place.find()) {
            return new JaneException(e, where, "%s", e.getMessage());
        }
        int line = Integer.parseInt(place.group(1));
        String message = oneLine(e.getMessage().substring(place.end()));
        String source = cell.line(line);
        if (line == 1) {
            return new JaneException(e, where, "%s; in %s", message, cell.signature());
        }
        if (source.isBlank()) {
            return new JaneException(e, where, "at the end of the cell: %s", message);
        }
        return new JaneException(
                e,
                where + ", line " + line + ", column " + place.group(2),
                "%s; in \"%s\"",
                message,
                source.strip());
    }

    /** Keeps what is wrong and its symbol; drops where the compiler looked, excerpts and carets. */
    private static String oneLine(String message) {
        return message.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty() && !l.startsWith("location:"))
                .filter(l -> !l.matches("\\d*\\s*\\|.*|\\^+"))
                .map(l -> l.replaceAll("\u001B\\[[\\d;]*m", "").replaceAll("\\s+", " "))
                .limit(3)
                .collect(Collectors.joining(", "));
    }
}
