package jane.target;

/**
 * Generations of the engine whose compilers know the same caps. Source: ANEForge, target table;
 * {@code M(n) = H(n+12)}.
 */
public enum Family {
    A13("H13", "M1"),
    A14("H14", "M2"),
    A15("H15", "M3"),
    A16("H16 to H18", "M4, M5");

    private final String hardware;
    private final String chips;

    Family(String hardware, String chips) {
        this.hardware = hardware;
        this.chips = chips;
    }

    /** The compiler's target names: {@code H13}. */
    public String hardware() {
        return hardware;
    }

    /** The chips in it. */
    public String chips() {
        return chips;
    }
}
