package jane.target;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule's predicate: reports each place that breaks it. */
@FunctionalInterface
interface Check {
    void run(ProgramView program, Target target, Report report);

    /** A predicate on one op. */
    @FunctionalInterface
    interface OnOp {
        Optional<Finding> find(OpView op, Target target);
    }

    /** A predicate on one input, output or result. */
    @FunctionalInterface
    interface OnValue {
        Optional<Finding> find(ValueView value, Target target);
    }

    /** A predicate on the whole program. */
    @FunctionalInterface
    interface OnProgram {
        Optional<Finding> find(ProgramView program, Target target);
    }

    /** Each op of these names, or each op at all if none is named. */
    static Check ops(OnOp test, String... names) {
        var wanted = Set.of(names);
        return (program, target, report) -> {
            for (var op : program.ops()) {
                if (wanted.isEmpty() || wanted.contains(op.op())) {
                    test.find(op, target).ifPresent(found -> report.op(op, found));
                }
            }
        };
    }

    /** Each input and each output. */
    static Check ports(OnValue test) {
        return (program, target, report) -> {
            inputs(test).run(program, target, report);
            outputs(test).run(program, target, report);
        };
    }

    /** Each input. */
    static Check inputs(OnValue test) {
        return (program, target, report) -> each(program.inputs(), "input", test, target, report);
    }

    /** Each output. */
    static Check outputs(OnValue test) {
        return (program, target, report) -> each(program.outputs(), "output", test, target, report);
    }

    private static void each(
            List<ValueView> values, String kind, OnValue test, Target target, Report report) {
        for (var value : values) {
            test.find(value, target).ifPresent(found -> report.port(kind, value, found));
        }
    }

    /** The program as a whole. */
    static Check program(OnProgram test) {
        return (program, target, report) -> test.find(program, target).ifPresent(report::program);
    }
}
