package jane.ir;

/** The attribute record of ops that have no attributes. */
public record NoAttrs() {
    /** The only value worth having. */
    public static final NoAttrs NONE = new NoAttrs();
}
