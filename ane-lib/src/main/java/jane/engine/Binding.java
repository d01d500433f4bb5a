package jane.engine;

/** An executable with its buffers: run as often as needed, without allocation. */
public interface Binding {
    /** Reads the bound inputs, writes the bound outputs; returns when they are written. */
    void run();
}
