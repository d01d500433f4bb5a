package jane.target;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is known of one op on one target, for tables.
 *
 * @param op the MIL op
 * @param verdict in one word
 * @param rules ids of the rules that look at this op there, with their severities
 */
public record OpStatus(String op, Verdict verdict, List<RuleRef> rules) {
    /** Whether the target takes the op. */
    public enum Verdict {
        /** Reports agree that it runs. */
        TAKEN,

        /** It runs within the limits of the rules listed. */
        LIMITED,

        /** Reports contradict one another. */
        DOUBTFUL,

        /** It does not compile. */
        REFUSED
    }

    /** A rule's id and its severity on the target. */
    public record RuleRef(String id, Severity severity) {}

    public OpStatus {
        rules = List.copyOf(rules);
    }

    /** For a table cell: {@code limited: ANE-C29, ANE-Q19}. */
    @Override
    public String toString() {
        String ids = rules.stream().map(RuleRef::id).collect(Collectors.joining(", "));
        return verdict.name().toLowerCase(Locale.ROOT) + (ids.isEmpty() ? "" : ": " + ids);
    }
}
