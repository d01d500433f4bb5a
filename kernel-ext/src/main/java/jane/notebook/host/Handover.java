package jane.notebook.host;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Hands objects between Jane and the cells of a host, which can be given nothing but source. Static
 * because the Java that is generated for a cell has nothing else to start from.
 */
public final class Handover {
    private static final AtomicReference<Object> SLOT = new AtomicReference<>();

    private Handover() {}

    /** Leaves values for Jane; generated Java calls it. */
    public static void give(Object[] values) {
        SLOT.set(values);
    }

    /** Leaves one value for generated Java. */
    static void hand(Object value) {
        SLOT.set(value);
    }

    /** Takes what was left; null if nothing, or null, was. */
    public static Object take() {
        return SLOT.getAndSet(null);
    }
}
