package jane.engine;

/** An executable with its buffers: run as often as needed, without allocation. */
public interface Binding {
    /** Reads the bound inputs, writes the bound outputs; returns when they are written. */
    void run();

    /**
     * Has the following runs read an input from {@code values}, where they lie, in place of the
     * buffer it was bound to.
     *
     * @return false, and nothing changed, if the engine cannot or the program writes to {@code
     *     values}: copy them to the bound buffer then
     */
    default boolean read(String input, Buffer values) {
        return false;
    }
}
