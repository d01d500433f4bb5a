package jane.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One thing a chip refuses or gets wrong, as data: what, where, how one sees it, what to do. */
public final class Rule {
    private final String id;
    private final Group group;
    private final String summary;
    private Effect effect = Effect.INVALID_PROGRAM;
    private Applies applies = Applies.error();
    private String remedy = "";
    private String source = "";
    private final List<String> covers = new ArrayList<>();
    private final List<String> ops = new ArrayList<>();
    private Check check = (program, target, report) -> {};

    private Rule(String id, Group group, String summary) {
        this.id = id;
        this.group = group;
        this.summary = summary;
    }

    /** Starts a rule; {@link Draft#check} ends it. */
    static Draft of(String id, Group group, String summary) {
        return new Draft(new Rule(id, group, summary));
    }

    /** The id: {@code ANE-C07} for constraint C-07, {@code ANE-Q04} for the fourth quirk. */
    public String id() {
        return id;
    }

    /** What it is about. */
    public Group group() {
        return group;
    }

    /** The rule in one sentence. */
    public String summary() {
        return summary;
    }

    /** What happens if it is broken. */
    public Effect effect() {
        return effect;
    }

    /** What to do instead. */
    public String remedy() {
        return remedy;
    }

    /** Who found it. */
    public String source() {
        return source;
    }

    /** Entries of the catalogues that this rule stands for: {@code C-28}, {@code Q-36}. */
    public List<String> covers() {
        return List.copyOf(covers);
    }

    /** The MIL ops that it looks at; empty if it looks at every op or at none. */
    public List<String> ops() {
        return List.copyOf(ops);
    }

    /** How bad breaking it is on {@code target}; empty where it does not hold. */
    public Optional<Severity> severity(Target target) {
        return applies.severity(target);
    }

    Applies applies() {
        return applies;
    }

    void run(ProgramView program, Target target, Report report) {
        check.run(program, target, report);
    }

    @Override
    public String toString() {
        return id + " " + summary;
    }

    /** A rule in the making. */
    static final class Draft {
        private final Rule rule;

        private Draft(Rule rule) {
            this.rule = rule;
        }

        Draft effect(Effect effect) {
            rule.effect = effect;
            return this;
        }

        Draft applies(Applies applies) {
            rule.applies = applies;
            return this;
        }

        Draft remedy(String remedy) {
            rule.remedy = remedy;
            return this;
        }

        /** Who found it, and the catalogue entries it stands for. */
        Draft source(String source, String... covers) {
            rule.source = source;
            rule.covers.addAll(List.of(covers));
            return this;
        }

        /** Looks at each op of these names, or at each op at all if none is named. */
        Rule ops(Check.OnOp test, String... names) {
            rule.ops.addAll(List.of(names));
            return check(Check.ops(test, names));
        }

        Rule check(Check check) {
            if (rule.remedy.isEmpty() || rule.source.isEmpty()) {
                throw new IllegalStateException("rule " + rule.id + " lacks a remedy or a source");
            }
            rule.check = check;
            return rule;
        }
    }
}
