package jane.target;

/** What a rule is about. */
public enum Group {
    SHAPES("Shapes"),
    DTYPES("Element types"),
    OPS("Ops"),
    PATTERNS("Ops together"),
    NUMBERS("Numbers"),
    SURFACES("Inputs and outputs"),
    BLOBS("Constants"),
    TEXT("Spelling"),
    BUDGETS("Budgets");

    private final String title;

    Group(String title) {
        this.title = title;
    }

    /** For headings. */
    public String title() {
        return title;
    }
}
