package jane.nn;

import jane.ir.DType;
import jane.ir.Node;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Topology;
import jane.ir.Value;
import jane.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model layer by layer for an input of one shape: output shapes, parameters, memory and
 * floating-point operations of a forward run. Nothing is computed. Each row counts what is the
 * layer's own, without its inner layers, so that the columns add up.
 *
 * <p><b>Units.</b> Bytes of fp32; a multiply-add is two operations.
 */
public final class Summary {
    /**
     * One layer.
     *
     * @param path dotted, empty for the model itself
     * @param layer in a few words
     * @param output shape of what it makes
     * @param parameters trained values of its own
     * @param outputBytes memory of its output
     * @param flops operations of its own
     */
    public record Row(
            String path,
            String layer,
            Shape output,
            long parameters,
            long outputBytes,
            long flops) {
        /** How many layers it is inside of. */
        public int depth() {
            return path.isEmpty() ? 0 : 1 + (int) path.chars().filter(c -> c == '.').count();
        }
    }

    private final Shape input;
    private final long parameters;
    private final List<Row> rows;

    private Summary(Shape input, long parameters, List<Row> rows) {
        this.input = input;
        this.parameters = parameters;
        this.rows = List.copyOf(rows);
    }

    /** One application of a layer. */
    private record Applied(String path, Layer layer, Value in, Value out) {
        long flops() {
            return Topology.order(List.of(out), Set.of(in)).stream().mapToLong(Node::flops).sum();
        }

        boolean isInside(String outer) {
            return outer.isEmpty() ? !path.isEmpty() : path.startsWith(outer + ".");
        }
    }

    /**
     * Summarises {@code model} for fp32 input.
     *
     * @throws jane.ir.JaneException if an input of that shape does not fit the model
     */
    public static Summary of(Layer model, Shape input) {
        var applied = new ArrayList<Applied>();
        model.build(
                Tensor.placeholder(new TensorType(DType.FP32, input)),
                Scope.looking(Optional.empty(), (name, type) -> Tensor.placeholder(type)),
                (path, layer, in, out) ->
                        applied.add(new Applied(path, layer, in.value(), out.value())));
        var rows = new ArrayList<Row>();
        Map<String, Long> counted = new HashMap<>();
        for (int i = 0; i < applied.size(); i++) {
            var one = applied.get(i);
            long all = one.flops();
            // Told after its inner layers, shown before them.
            int at = i;
            while (at > 0 && applied.get(at - 1).isInside(one.path())) {
                at--;
            }
            long inner = 0;
            for (int j = at; j < i; j++) {
                inner +=
                        isChild(applied.get(j).path(), one.path())
                                ? counted.get(key(applied, j))
                                : 0;
            }
            counted.put(key(applied, i), all);
            rows.add(at, row(one, Math.max(0, all - inner)));
        }
        return new Summary(input, model.parameterCount(), rows);
    }

    private static String key(List<Applied> applied, int index) {
        return index + " " + applied.get(index).path();
    }

    private static boolean isChild(String path, String outer) {
        int dot = path.lastIndexOf('.');
        return !path.isEmpty() && (dot < 0 ? "" : path.substring(0, dot)).equals(outer);
    }

    private static Row row(Applied one, long flops) {
        long inner = one.layer().layers().values().stream().mapToLong(Layer::parameterCount).sum();
        return new Row(
                one.path(),
                one.layer().describe(),
                one.out().shape(),
                one.layer().parameterCount() - inner,
                one.out().type().sizeBytes(),
                flops);
    }

    /** Shape of the input. */
    public Shape input() {
        return input;
    }

    /** The layers, each before its inner layers. */
    public List<Row> rows() {
        return rows;
    }

    /** Trained values of the whole model. */
    public long parameters() {
        return parameters;
    }

    /** Memory of the trained values. */
    public long parameterBytes() {
        return parameters * DType.FP32.sizeBytes();
    }

    /** Memory of the outputs of the layers that have no inner layers. */
    public long outputBytes() {
        return rows.stream()
                .filter(r -> rows.stream().noneMatch(other -> isChild(other.path(), r.path())))
                .mapToLong(Row::outputBytes)
                .sum();
    }

    /** Floating-point operations of one forward run. */
    public long flops() {
        return rows.stream().mapToLong(Row::flops).sum();
    }

    /** The totals in one sentence. */
    public String totals() {
        return String.format(
                Locale.ROOT,
                "%,d parameters (%s), outputs %s, %s FLOPs forward for input %s",
                parameters,
                bytes(parameterBytes()),
                bytes(outputBytes()),
                count(flops()),
                input);
    }

    /** The table in Markdown. */
    public String markdown() {
        var text = new StringBuilder("| layer | output | parameters | memory | FLOPs |\n");
        text.append("|:--|:--|--:|--:|--:|\n");
        for (var row : rows) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %s%s | %s | %,d | %s | %s |\n",
                            "&nbsp;&nbsp;".repeat(row.depth()),
                            title(row),
                            row.output(),
                            row.parameters(),
                            bytes(row.outputBytes()),
                            count(row.flops())));
        }
        return text.append("\n").append(totals()).toString();
    }

    /** The table in LaTeX, ready for a {@code tabular}. */
    public String latex() {
        var text = new StringBuilder("\\begin{tabular}{llrrr}\n");
        text.append("layer & output & parameters & memory & FLOPs \\\\ \\hline\n");
        for (var row : rows) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s%s & $%s$ & %,d & %s & %s \\\\\n",
                            "\\quad ".repeat(row.depth()),
                            title(row).replace("_", "\\_").replace("->", "$\\to$"),
                            row.output(),
                            row.parameters(),
                            bytes(row.outputBytes()),
                            count(row.flops())));
        }
        text.append("\\hline\n\\multicolumn{5}{l}{").append(totals().replace("_", "\\_"));
        return text.append("} \\\\\n\\end{tabular}").toString();
    }

    /** Name and kind, as {@code linear1: Linear(4 -> 8)}. */
    public static String title(Row row) {
        String name = row.path().substring(row.path().lastIndexOf('.') + 1);
        return name.isEmpty() ? row.layer() : name + ": " + row.layer();
    }

    /** {@code 1.5 kB}, {@code 3.2 MB}. */
    public static String bytes(long n) {
        return n < 1000 ? n + " B" : scaled(n, List.of("kB", "MB", "GB", "TB"), " ");
    }

    /** {@code 950}, {@code 1.2 k}, {@code 3.4 M}. */
    public static String count(long n) {
        return n < 1000 ? Long.toString(n) : scaled(n, List.of("k", "M", "G", "T"), " ");
    }

    private static String scaled(long n, List<String> units, String gap) {
        double x = n / 1000.0;
        int unit = 0;
        while (x >= 999.5 && unit < units.size() - 1) {
            x /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, x < 10 ? "%.1f" : "%.0f", x) + gap + units.get(unit);
    }

    /** The table as text. */
    @Override
    public String toString() {
        int width = rows.stream().mapToInt(r -> 2 * r.depth() + title(r).length()).max().orElse(5);
        int shape = rows.stream().mapToInt(r -> r.output().toString().length()).max().orElse(6);
        var format =
                "%-" + Math.max(width, 5) + "s  %-" + Math.max(shape, 6) + "s  %12s  %9s  %8s%n";
        var text = new StringBuilder();
        text.append(String.format(format, "layer", "output", "parameters", "memory", "FLOPs"));
        for (var row : rows) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            format,
                            "  ".repeat(row.depth()) + title(row),
                            row.output(),
                            String.format(Locale.ROOT, "%,d", row.parameters()),
                            bytes(row.outputBytes()),
                            count(row.flops())));
        }
        return text.append(totals()).toString();
    }
}
