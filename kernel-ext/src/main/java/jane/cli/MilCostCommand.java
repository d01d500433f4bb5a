package jane.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import jane.target.CostModel;
import jane.target.OpCost;
import jane.target.ProgramCost;
import jane.target.Target;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jane mil cost}: how long a program would take on a chip, by published constants. */
@Command(
        name = "cost",
        description = {
            "Predicts how long a MIL program takes on a target, op by op. The constants are"
                    + " others'",
            "published measurements; --constants lists them with their sources."
        })
final class MilCostCommand implements Callable<Integer> {
    @Mixin private MilFile file;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description = "The function to count. Default: main, or the only one.")
    private Optional<String> function = Optional.empty();

    @Option(
            names = "--target",
            paramLabel = "T",
            required = true,
            description = "Target: a chip such as m4, or strict, which counts as an M1.")
    private String target;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--constants", description = "Also print the model's constants and sources.")
    private boolean constants;

    @Spec private CommandSpec spec;

    MilCostCommand() {}

    @Override
    public Integer call() {
        var model = Target.named(target).cost();
        var cost = model.of(file.read(function));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            var gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
            out.println(gson.toJson(tree(cost, model)));
        } else {
            table(out, cost);
            if (constants) {
                list(out, model);
            }
        }
        out.flush();
        return 0;
    }

    private static void table(PrintWriter out, ProgramCost cost) {
        line(
                out,
                "%10s  %-8s %12s %12s %12s  %s",
                "us",
                "bound",
                "MFLOP",
                "weights KB",
                "spill KB",
                "op");
        for (var op : cost.ops()) {
            line(
                    out,
                    "%10.2f  %-8s %12.2f %12.1f %12.1f  %s",
                    op.micros(),
                    op.bound(),
                    op.flops() / 1e6,
                    op.weightBytes() / 1e3,
                    op.spillBytes() / 1e3,
                    op.name().isEmpty() ? op.op() : op.op() + " " + op.name());
        }
        line(out, "%10.2f  inputs and outputs, %.1f KB", cost.portMicros(), cost.portBytes() / 1e3);
        line(out, "%10.2f  dispatch", cost.dispatchMicros());
        line(
                out,
                "%10.2f  total on %s, predicted: %.2f MFLOP, %.3f TFLOP/s",
                cost.micros(),
                cost.target(),
                cost.flops() / 1e6,
                cost.teraflops());
    }

    private static void list(PrintWriter out, CostModel model) {
        for (var c : model.constants()) {
            line(
                    out,
                    "%-52s %8.4g %-10s %s",
                    c.quantity().meaning(),
                    c.value(),
                    c.quantity().unit(),
                    c.source());
        }
    }

    private static void line(PrintWriter out, String format, Object... args) {
        out.println(String.format(Locale.ROOT, format, args));
    }

    private JsonObject tree(ProgramCost cost, CostModel model) {
        var tree = new JsonObject();
        tree.addProperty("target", cost.target());
        tree.addProperty("micros", cost.micros());
        tree.addProperty("dispatch_micros", cost.dispatchMicros());
        tree.addProperty("port_bytes", cost.portBytes());
        tree.addProperty("port_micros", cost.portMicros());
        tree.addProperty("flops", cost.flops());
        var ops = new JsonArray();
        cost.ops().forEach(op -> ops.add(tree(op)));
        tree.add("ops", ops);
        if (constants) {
            var list = new JsonArray();
            for (var c : model.constants()) {
                var item = new JsonObject();
                item.addProperty("name", c.quantity().meaning());
                item.addProperty("value", c.value());
                item.addProperty("unit", c.quantity().unit());
                item.addProperty("source", c.source());
                list.add(item);
            }
            tree.add("constants", list);
        }
        return tree;
    }

    private static JsonObject tree(OpCost op) {
        var tree = new JsonObject();
        tree.addProperty("op", op.op());
        tree.addProperty("name", op.name());
        tree.addProperty("micros", op.micros());
        tree.addProperty("bound", op.bound());
        tree.addProperty("flops", op.flops());
        tree.addProperty("weight_bytes", op.weightBytes());
        tree.addProperty("spill_bytes", op.spillBytes());
        tree.addProperty("compute_micros", op.computeMicros());
        tree.addProperty("memory_micros", op.memoryMicros());
        return tree;
    }
}
