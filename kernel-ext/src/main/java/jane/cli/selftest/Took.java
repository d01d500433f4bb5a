package jane.cli.selftest;

/**
 * How long a part of the self-test took.
 *
 * @param part as the engine's parts are called, which lines of several sections may come from
 * @param engine empty if on none
 * @param seconds on the clock
 */
public record Took(String part, String engine, double seconds) {}
