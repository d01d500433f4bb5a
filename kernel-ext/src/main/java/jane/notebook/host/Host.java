package jane.notebook.host;

import jane.notebook.Display;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jdk.jshell.JShell;

/** What a notebook kernel lets its guests do: the few calls that IJava and JJava share. */
interface Host {
    /** A magic as the host calls it: its line is split into words, quotes removed. */
    interface Body {
        /** Runs it on the cell below; the value, or null, as hosts have it. */
        Object run(List<String> words, String body) throws Exception;
    }

    /** As {@code IJava 1.3.0}. */
    String name();

    /** The kernel's object; another one is another kernel. */
    Object kernel();

    /** Shows in the running cell what {@link #update} can replace by its {@code id}. */
    void display(Display shown, String id);

    /**
     * Replaces what is shown.
     *
     * @return false if no cell runs and nothing was sent
     */
    boolean update(Display shown, String id);

    /** Evaluates Java in the session; its value, empty if it has none. */
    Optional<Object> evalRaw(String java) throws Exception;

    /** Whether the host has a line magic of that name. */
    boolean has(String magic);

    /** Adds {@code %name}. */
    void lineMagic(String name, Body body);

    /** Adds {@code %%name}. */
    void cellMagic(String name, Body body);

    /** Shows values that end a cell as {@code picture} has them, where it knows them. */
    void render(Function<Object, Optional<Display>> picture);

    /** The host's JShell; empty if it cannot be reached. */
    Optional<JShell> shell();
}
