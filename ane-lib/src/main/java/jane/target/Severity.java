package jane.target;

import java.util.Locale;

/** How bad breaking a rule is; in ascending order. */
public enum Severity {
    /** Worth knowing: rounding, speed, reports that contradict one another. */
    NOTE,

    /** Fails or computes wrong numbers on some reports or for some values. */
    WARNING,

    /** Fails or computes wrong numbers. */
    ERROR;

    /** The word in messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
