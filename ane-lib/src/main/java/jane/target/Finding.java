package jane.target;

import java.util.Optional;

/** What breaks a rule and what would not. */
record Finding(String found, String need) {
    static final Optional<Finding> NONE = Optional.empty();

    static Optional<Finding> of(String found, String need) {
        return Optional.of(new Finding(found, need));
    }

    /** A number above its cap. */
    static Optional<Finding> above(String what, long value, long cap) {
        return value > cap ? of(what + " " + value, "at most " + cap) : NONE;
    }
}
