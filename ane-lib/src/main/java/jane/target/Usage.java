package jane.target;

/**
 * What a process has used up of the engine's scarce goods, for the budget rules.
 *
 * @param compiled programs compiled so far, the one to be checked included
 * @param resident programs loaded, the one to be checked included
 */
public record Usage(int compiled, int resident) {
    /** One program. */
    public static final Usage FRESH = new Usage(1, 1);
}
