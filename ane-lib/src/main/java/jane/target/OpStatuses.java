package jane.target;

import java.util.ArrayList;

/** From the op table and the rules to what is known of one op. */
final class OpStatuses {
    private OpStatuses() {}

    static OpStatus of(String op, Target target) {
        var rules = new ArrayList<OpStatus.RuleRef>();
        for (var rule : target.rules()) {
            if (rule.ops().contains(op)) {
                var severity = rule.severity(target).get();
                rules.add(new OpStatus.RuleRef(rule.id(), severity));
            }
        }
        var row = OpTable.of(op);
        if (row.isEmpty()) {
            rules.add(0, ref("ANE-P05", target));
            return new OpStatus(op, OpStatus.Verdict.DOUBTFUL, rules);
        }
        if (OpTable.isRefused(row.get(), target)) {
            boolean always = row.get().word() == OpTable.Word.REFUSED;
            rules.add(0, ref(always ? "ANE-Q35" : "ANE-P02", target));
            return new OpStatus(op, OpStatus.Verdict.REFUSED, rules);
        }
        if (row.get().word() == OpTable.Word.DOUBTFUL) {
            rules.add(0, ref("ANE-P04", target));
            return new OpStatus(op, OpStatus.Verdict.DOUBTFUL, rules);
        }
        boolean limited = rules.stream().anyMatch(r -> r.severity() != Severity.NOTE);
        return new OpStatus(op, limited ? OpStatus.Verdict.LIMITED : OpStatus.Verdict.TAKEN, rules);
    }

    private static OpStatus.RuleRef ref(String id, Target target) {
        var rule = RuleBook.rule(id);
        return new OpStatus.RuleRef(id, rule.severity(target).orElse(Severity.NOTE));
    }
}
