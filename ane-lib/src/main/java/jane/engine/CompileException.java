package jane.engine;

import jane.ir.JaneException;
import jane.target.Violation;
import java.util.List;

/** A program that an engine refuses, with every rule it breaks. */
public final class CompileException extends JaneException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 5;

    private final transient List<Violation> violations;

    /** Refused by {@code engine}; {@code violations} are not empty. */
    public CompileException(String engine, List<Violation> violations) {
        super(engine, "%s", describe(violations));
        this.violations = List.copyOf(violations);
    }

    /** What is wrong, in the program's order. */
    public List<Violation> violations() {
        return violations;
    }

    private static String describe(List<Violation> violations) {
        var text = new StringBuilder();
        var first = violations.get(0);
        var effect = first.effect();
        text.append(
                effect.chipError().isEmpty()
                        ? "the chip would take this program and give " + effect.words()
                        : effect.chipError());
        text.append(", because:");
        violations.stream().limit(SHOWN).forEach(v -> text.append("\n  ").append(v));
        if (violations.size() > SHOWN) {
            text.append("\n  and ").append(violations.size() - SHOWN).append(" more");
        }
        return text.toString();
    }
}
