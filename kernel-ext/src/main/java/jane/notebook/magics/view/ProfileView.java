package jane.notebook.magics.view;

import jane.compile.Profile;
import jane.engine.DeviceUse;
import jane.notebook.chart.Chart;
import jane.notebook.chart.HtmlTable;
import jane.target.Quantity;
import jane.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile as a table and as a roofline. */
public final class ProfileView {
    private static final String NOT_MEASURED =
            "Not run on hardware: choose it with %jane use ane, on a Mac.";

    private ProfileView() {}

    /** Time by op: measured on the processor, predicted for each target, and the totals. */
    public static HtmlTable table(Profile profile) {
        return table(profile, "");
    }

    /** The same, with what the reader should know first. */
    public static HtmlTable table(Profile profile, String first) {
        var targets = List.copyOf(profile.predicted().keySet());
        var heads = new ArrayList<>(List.of("op", "count", "MFLOP", "MB", "cpu us, measured"));
        profile.measured().ifPresent(on -> heads.add(on.engine() + " us, measured"));
        targets.forEach(name -> heads.add(name + " us, predicted"));
        var table = HtmlTable.of(heads);
        for (var row : profile.rows()) {
            var cells =
                    new ArrayList<Object>(
                            List.of(
                                    row.op(),
                                    row.count(),
                                    row.flops() / 1e6,
                                    row.bytes() / 1e6,
                                    row.cpuMicros()));
            profile.measured().ifPresent(on -> cells.add("not measured"));
            targets.forEach(name -> cells.add(row.targetMicros().get(name)));
            table.row(cells.toArray());
        }
        var foot = new ArrayList<Object>(List.of("program", "", "", "", profile.programMicros()));
        profile.measured()
                .ifPresent(on -> foot.add(on.use().isEmpty() ? "nothing ran" : on.micros()));
        targets.forEach(name -> foot.add(profile.predicted().get(name).micros()));
        table.foot(foot.toArray());
        return table.caption(
                first
                        + "Each op alone on the processor in fp32; predicted in fp16 by the cost"
                        + " model, the program with dispatch, inputs and outputs. "
                        + profile.measured().map(ProfileView::words).orElse(NOT_MEASURED));
    }

    private static String words(Profile.OnDevice on) {
        var words =
                String.format(
                        Locale.ROOT,
                        "On %s by the rules of %s, in fp16: the fastest run, %d parts with %.0f %%"
                            + " of the arithmetic there and the rest on the processor; of these"
                            + " parts, on average: %s. Ops alone are not measured there, since a"
                            + " dispatch takes longer than most.",
                        on.engine(),
                        on.target(),
                        on.parts(),
                        100 * on.share(),
                        on.use().map(DeviceUse::toString).orElse("nothing ran there"));
        return on.notTaken().isEmpty()
                ? words
                : words + " Not taken: " + String.join("; ", on.notTaken()) + ".";
    }

    /**
     * Operations a second over operations per byte, both logarithmic: dots are ops as measured on
     * the processor, lines are the most that a target's cost model allows.
     */
    public static Chart roofline(Profile profile) {
        var ops =
                profile.rows().stream()
                        .filter(r -> r.flops() > 0 && r.bytes() > 0 && r.cpuMicros() > 0)
                        .toList();
        var intensity = ops.stream().mapToDouble(r -> (double) r.flops() / r.bytes()).toArray();
        var rate = ops.stream().mapToDouble(r -> r.flops() / r.cpuMicros() / 1e3).toArray();
        var chart =
                Chart.scatter()
                        .title("Roofline")
                        .xLabel("FLOP per byte")
                        .yLabel("GFLOP/s")
                        .logX()
                        .logY()
                        .series("ops on cpu, measured", intensity, rate);
        for (var name : profile.predicted().keySet()) {
            var cost = Target.named(name).cost();
            double peak = cost.value(Quantity.MATMUL_PEAK) * 1e3;
            double bandwidth = cost.value(Quantity.SURFACE_BANDWIDTH);
            var x = new double[] {0.05, peak / bandwidth, 2000};
            var y = new double[] {0.05 * bandwidth, peak, peak};
            chart.curve(String.format(Locale.ROOT, "%s, most by model", name), x, y);
        }
        return chart;
    }
}
