package jane.target;

import jane.ir.Graph;
import jane.mil.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A chip, the macOS it runs and the route programs take: {@code m5}, {@code m5@26/inmem}. The macOS
 * defaults to 26 and the route to e5rt. {@code strict} is the union of all chips and systems on its
 * route: what it takes, all take.
 *
 * <p><b>Errors.</b> {@link jane.ir.JaneException} for a name that means nothing, with the nearest
 * that does and the list.
 */
public final class Target {
    private final Optional<Chip> chip;
    private final int os;
    private final Route route;

    Target(Chip chip, int os, Route route) {
        this.chip = Optional.of(chip);
        this.os = os;
        this.route = route;
    }

    private Target(Route route) {
        this.chip = Optional.empty();
        this.os = TargetName.DEFAULT_OS;
        this.route = route;
    }

    /** The target of this name: {@code m4}, {@code m2-pro@15}, {@code m5@26/inmem}, {@code h13}. */
    public static Target named(String name) {
        return TargetName.parse(name);
    }

    /** The union of all chips and systems on {@code route}. */
    public static Target strict(Route route) {
        return new Target(route);
    }

    /**
     * The target of the machine that reports this processor, {@code Apple M4 Pro}. A chip that no
     * finding exists for gets {@link #strict}: {@link #isStrict} then says so.
     *
     * @param macOs the major version; one without findings counts as the nearest below
     */
    public static Target detected(String processor, int macOs, Route route) {
        return Detection.target(processor, macOs, route);
    }

    /** The same chip and macOS, reached by {@code other}. */
    public Target by(Route other) {
        return chip.map(c -> new Target(c, os, other)).orElseGet(() -> strict(other));
    }

    /** Names of the chips, oldest first, then {@code strict}. */
    public static List<String> names() {
        var names = new ArrayList<>(Chip.ALL.stream().map(Chip::name).toList());
        names.add(TargetName.STRICT);
        return List.copyOf(names);
    }

    /** The shortest name that means this: {@code m5}, {@code m5@15/inmem}. */
    public String name() {
        boolean plain = isStrict() || os == TargetName.DEFAULT_OS;
        return chip.map(Chip::name).orElse(TargetName.STRICT)
                + (plain ? "" : "@" + os)
                + (route == Route.E5RT ? "" : "/" + route.word());
    }

    /** Whether this is the union of all chips. */
    public boolean isStrict() {
        return chip.isEmpty();
    }

    /** The chip; empty if {@link #isStrict}. */
    public Optional<Chip> chip() {
        return chip;
    }

    /** The chip's family; of the strict target, the oldest, whose limits are the smallest. */
    public Family family() {
        return chip.map(Chip::family).orElse(Family.A13);
    }

    /** Major version of macOS. */
    public int os() {
        return os;
    }

    /** The way programs take. */
    public Route route() {
        return route;
    }

    /** A number that programs must keep to. */
    public long limit(Limit limit) {
        return isStrict() ? limit.smallest() : limit.of(family());
    }

    /** Every rule that holds here, by group. */
    public List<Rule> rules() {
        return RuleBook.ALL.stream().filter(r -> r.severity(this).isPresent()).toList();
    }

    /**
     * Every place where {@code program} breaks a rule; its text is read, not its blobs' contents.
     */
    public List<Violation> check(Program program) {
        return check(program, Usage.FRESH);
    }

    /** As {@link #check(Program)} in a process that has used so much already. */
    public List<Violation> check(Program program, Usage usage) {
        return check(TextReader.read(program, usage));
    }

    /** Every place where the program of {@code graph} would break a rule. */
    public List<Violation> check(Graph graph) {
        return check(graph, Usage.FRESH);
    }

    /** As {@link #check(Graph)} in a process that has used so much already. */
    public List<Violation> check(Graph graph, Usage usage) {
        return check(GraphReader.read(graph, usage));
    }

    /** In the program's order; places of one node by severity. */
    private List<Violation> check(ProgramView program) {
        var found = new ArrayList<Violation>();
        for (var rule : RuleBook.ALL) {
            rule.severity(this)
                    .ifPresent(
                            severity -> {
                                var report = new Report(rule, severity, this);
                                rule.run(program, this, report);
                                found.addAll(report.violations());
                            });
        }
        found.sort(
                Comparator.comparingInt(Violation::position)
                        .thenComparing(Violation::severity, Comparator.reverseOrder()));
        return List.copyOf(found);
    }

    /** What is known of a MIL op here: whether it is taken, and the rules that look at it. */
    public OpStatus status(String milOp) {
        return OpStatuses.of(milOp, this);
    }

    /**
     * Whether a program whose weight files are overwritten in place, and which is loaded again
     * without compiling, runs with the new weights. By most reports it goes on with those that it
     * was compiled with; on M4 with macOS 15 it takes the new ones. Sources: maderix/ANE (M5, M4)
     * and libane; Orion (M4 Max).
     */
    public boolean takesReloadedWeights() {
        return chip.filter(c -> c.name().equals("m4")).isPresent() && os <= 15;
    }

    /** How long programs take here. */
    public CostModel cost() {
        return CostModel.of(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Target t && chip.equals(t.chip) && os == t.os && route == t.route;
    }

    @Override
    public int hashCode() {
        return Objects.hash(chip, os, route);
    }

    @Override
    public String toString() {
        return name();
    }
}
