package jane.engine.power;

import jane.ir.JaneException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Classes of macOS for how urgent a thread's work is. */
public enum Qos {
    /** Nobody waits for it. */
    BACKGROUND(9),
    /** Somebody watches its progress. */
    UTILITY(17),
    /** What threads have unless they say otherwise. */
    DEFAULT(21),
    /** Somebody waits for it. */
    USER_INITIATED(25),
    /** A screen waits for it. */
    USER_INTERACTIVE(33);

    private final int code;

    Qos(int code) {
        this.code = code;
    }

    /** As {@code sys/qos.h} has it. */
    public int code() {
        return code;
    }

    /** As a user writes it: {@code user-initiated}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The class of a {@link #word}. */
    public static Qos named(String word) {
        return Arrays.stream(values())
                .filter(q -> q.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new JaneException(
                                        "qos",
                                        "unknown class '%s'; need one of %s",
                                        word,
                                        words()));
    }

    private static List<String> words() {
        return Arrays.stream(values()).map(Qos::word).toList();
    }
}
