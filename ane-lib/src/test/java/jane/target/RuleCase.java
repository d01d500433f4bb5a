package jane.target;

import jane.mil.Program;
import java.util.function.Function;

/**
 * A rule, a target, a program that breaks the rule there, and one that is just inside.
 *
 * @param broken the program that breaks it
 * @param inside the program that does not
 */
record RuleCase(String rule, String target, Program broken, Program inside) {
    /** Both programs from one pattern. */
    static <T> RuleCase of(
            String rule, String target, Function<T, Program> pattern, T broken, T inside) {
        return new RuleCase(rule, target, pattern.apply(broken), pattern.apply(inside));
    }

    @Override
    public String toString() {
        return rule + " on " + target;
    }
}
