package jane.target;

import java.util.Arrays;
import java.util.Optional;

/** The way a program takes to the Neural Engine. */
public enum Route {
    /** Espresso's C interface: MIL file, dense row-major buffers, ports by name. */
    E5RT("e5rt"),

    /** {@code _ANEInMemoryModel}: MIL text in memory, IOSurfaces with padded rows. */
    IN_MEMORY("inmem");

    private final String word;

    Route(String word) {
        this.word = word;
    }

    /** The word in a target's name. */
    public String word() {
        return word;
    }

    /** The route of a word; empty if there is none. */
    public static Optional<Route> ofWord(String word) {
        return Arrays.stream(values()).filter(r -> r.word.equals(word)).findFirst();
    }
}
