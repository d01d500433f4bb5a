package jane.engine.power;

import java.util.OptionalLong;

/** Something that can be asked about the machine's power. */
public interface PowerSource {
    /** One of a system that tells nothing. */
    PowerSource NONE = () -> PowerState.UNKNOWN;

    /** What holds now; unknown, part by part, where the system does not tell. */
    PowerState state();

    /**
     * Nanojoules that the machine's Neural Engines took since it started, whoever used them; empty
     * if the system does not tell.
     */
    default OptionalLong nanojoules() {
        return OptionalLong.empty();
    }
}
