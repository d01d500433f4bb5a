package jane.cli;

/**
 * One line of the doctor's report.
 *
 * @param level how bad it is
 * @param subject what was looked at
 * @param found what was found there
 * @param fix what to do about it; empty when there is nothing to do
 */
record Finding(Level level, String subject, String found, String fix) {
    /** {@code PROBLEM}: Jane does not work like this. {@code WARNING}: something is missing. */
    enum Level {
        OK,
        WARNING,
        PROBLEM;

        /** As printed and as in JSON. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    static Finding warning(String subject, String found, String fix) {
        return new Finding(Level.WARNING, subject, found, fix);
    }

    static Finding problem(String subject, String found, String fix) {
        return new Finding(Level.PROBLEM, subject, found, fix);
    }
}
