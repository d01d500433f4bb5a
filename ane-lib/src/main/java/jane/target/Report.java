package jane.target;

import java.util.ArrayList;
import java.util.List;

/** Collects what one rule finds. */
final class Report {
    private final Rule rule;
    private final Severity severity;
    private final Target target;
    private final List<Violation> violations = new ArrayList<>();

    Report(Rule rule, Severity severity, Target target) {
        this.rule = rule;
        this.severity = severity;
        this.target = target;
    }

    void op(OpView op, Finding finding) {
        add(op.position(), op.line(), op.op(), op.name(), finding);
    }

    void port(String kind, ValueView value, Finding finding) {
        add(-1, value.line(), kind, value.name(), finding);
    }

    /** A constant or a result that stands in no op's place. */
    void value(ValueView value, Finding finding) {
        add(
                value.position(),
                value.line(),
                value.isConst() ? "const" : "value",
                value.name(),
                finding);
    }

    void program(Finding finding) {
        add(-1, 0, "program", "", finding);
    }

    private void add(int position, int line, String op, String name, Finding finding) {
        violations.add(
                new Violation(
                        rule.id(),
                        severity,
                        rule.effect(),
                        target.name(),
                        position,
                        line,
                        op,
                        name,
                        finding.found(),
                        finding.need(),
                        rule.remedy()));
    }

    List<Violation> violations() {
        return violations;
    }
}
