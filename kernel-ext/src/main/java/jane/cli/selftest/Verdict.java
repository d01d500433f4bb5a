package jane.cli.selftest;

import java.util.Locale;

/** What to make of a line. */
public enum Verdict {
    /** Found as expected. */
    OK,
    /** Found, and not as expected. */
    DIFFERS,
    /** Could not be found out here; the line says why. */
    UNAVAILABLE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
