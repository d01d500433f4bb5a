package jane.target;

import java.util.List;
import java.util.stream.Stream;

/** Every rule, by group. */
final class RuleBook {
    static final List<Rule> ALL =
            Stream.of(
                            ShapeRules.ALL,
                            DTypeRules.ALL,
                            OpRules.ALL,
                            AttentionRules.ALL,
                            PatternRules.ALL,
                            ProgramRules.ALL,
                            NumberRules.ALL,
                            SurfaceRules.ALL,
                            BlobRules.ALL,
                            TextRules.ALL,
                            BudgetRules.ALL)
                    .flatMap(List::stream)
                    .toList();

    private RuleBook() {}

    static Rule rule(String id) {
        return ALL.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    }
}
