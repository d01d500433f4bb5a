package jane.engine.ane;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keeps a program that compiler or device refused from being sent to it again at once: each attempt
 * costs one of the process's compiles and time of the compiler that all processes share. The wait
 * starts at one second and doubles to a minute; a success forgets it.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 60_000;

    private record Failed(int times, long until, AneStatus status, String text) {}

    private final LongSupplier clockMillis;
    private final Map<String, Failed> failed = new HashMap<>();

    Backoff(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
    }

    /** Refuses a program whose wait is not over. */
    void check(String hash) {
        var last = failed.get(hash);
        if (last != null && clockMillis.getAsLong() < last.until) {
            throw new AneException(
                    last.status,
                    String.format(
                            "compile: refused %d times, the next attempt in %.1f s; it said: %s",
                            last.times, (last.until - clockMillis.getAsLong()) / 1e3, last.text));
        }
    }

    void failed(String hash, AneStatus status, String text) {
        int before = failed.containsKey(hash) ? failed.get(hash).times : 0;
        long wait = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(before, 16));
        failed.put(hash, new Failed(before + 1, clockMillis.getAsLong() + wait, status, text));
    }

    void succeeded(String hash) {
        failed.remove(hash);
    }
}
