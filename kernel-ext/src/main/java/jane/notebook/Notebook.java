package jane.notebook;

import java.util.List;
import java.util.Optional;

/** What magics ask of the notebook they run in; each host has its own. */
public interface Notebook {
    /** The kernel's name and version, as {@code IJava 1.3.0}. */
    String host();

    /** Adds an output to the cell. */
    void show(Display display);

    /** Adds an output that can be replaced in place. */
    Live live(Display first);

    /** An output shown once and updated since. */
    interface Live {
        /** Replaces what is shown. */
        void update(Display display);
    }

    /** Names of the session's variables. */
    List<String> variables();

    /** The value of a session variable; empty if there is none of that name or it is null. */
    Optional<Object> variable(String name);

    /**
     * Defines, or replaces, a session variable.
     *
     * @param type its Java type as source, such as {@code Tensor}
     */
    void define(String type, String name, Object value);

    /**
     * Evaluates Java source in the session.
     *
     * @return its value, empty if it has none
     * @throws jane.ir.JaneException with the compiler's message and place if it does not compile
     */
    Optional<Object> eval(String source);

    /**
     * Runs {@code work} so that an interrupt of the cell first calls {@code stop} and leaves the
     * work time to end by itself.
     */
    void interruptible(Runnable stop, Runnable work);
}
