package jane.notebook.host;

import jane.ir.JaneException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.VarSnippet;

/**
 * The Java of a host's session. Values are read and written by Java that is evaluated there, all in
 * one go: each evaluation takes the host some ten milliseconds.
 */
final class HostJava {
    private static final String HERE = Handover.class.getName();

    private final Host host;
    private final Optional<JShell> shell;
    private final Optional<CellWatch> watch;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, Object> values = new HashMap<>();
    private boolean read;

    /**
     * Reads and writes a session.
     *
     * @param watch what the session's JShell has run; empty where that cannot be reached
     */
    HostJava(Host host, Optional<JShell> shell, Optional<CellWatch> watch) {
        this.host = host;
        this.shell = shell;
        this.watch = watch;
    }

    /** Evaluates Java; the compiler's complaint comes with its place. */
    Optional<Object> run(String source) {
        forgetValues();
        watch.ifPresent(w -> w.enter(source));
        try {
            return host.evalRaw(source);
        } catch (CellFailed stopped) {
            throw asJane(stopped.failure());
        } catch (Exception failed) {
            throw asJane(failed);
        } finally {
            watch.ifPresent(CellWatch::leave);
        }
    }

    private JaneException asJane(Throwable failed) {
        if (failed instanceof JaneException jane) {
            return jane;
        }
        var refused = watch.flatMap(CellWatch::refusal);
        var message = refused.orElseGet(() -> String.valueOf(failed.getMessage()));
        return new JaneException(failed, "cell", "%s", message);
    }

    /** Names of the session's variables; without JShell, of those that magics have met. */
    synchronized List<String> names() {
        return shell.map(s -> variables(s).stream().map(VarSnippet::name).toList())
                .orElseGet(() -> List.copyOf(known));
    }

    private static List<VarSnippet> variables(JShell shell) {
        return shell.variables()
                .filter(variable -> shell.status(variable) == Status.VALID)
                .filter(variable -> !variable.name().startsWith("$"))
                .toList();
    }

    /** The value of a variable; empty if it does not exist or is null. */
    synchronized Optional<Object> value(String name) {
        if (shell.isEmpty() && known.add(name)) {
            readTogether(List.of(name));
        } else if (!read) {
            read = true;
            readTogether(names());
        }
        var value = Optional.ofNullable(values.get(name));
        if (shell.isEmpty() && value.isEmpty()) {
            known.remove(name);
        }
        return value;
    }

    private void readTogether(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        if (evaluate(HERE + ".give(new Object[] {" + String.join(", ", names) + "});")) {
            var taken = (Object[]) Handover.take();
            for (int i = 0; i < taken.length; i++) {
                values.put(names.get(i), taken[i]);
            }
        } else if (names.size() > 1) { // one of them cannot be read: the others can
            names.forEach(name -> readTogether(List.of(name)));
        }
    }

    /** Whether it ran to its end. */
    private boolean evaluate(String java) {
        watch.ifPresent(w -> w.enter(java));
        try {
            host.evalRaw(java);
            return true;
        } catch (Exception refused) {
            return false;
        } finally {
            watch.ifPresent(CellWatch::leave);
        }
    }

    /** Variables may have changed: they are read again when asked for. */
    synchronized void forgetValues() {
        values.clear();
        read = false;
    }

    /**
     * Sets a variable. One that exists with that type, or is null, is only assigned: a second
     * declaration would make JShell reset all that depends on it.
     */
    synchronized void define(String type, String name, Object value) {
        if (!assigned(type, name, value)) {
            Handover.hand(value);
            run(type + " " + name + " = (" + type + ") " + HERE + ".take();");
        }
        known.add(name);
        values.put(name, value);
    }

    private boolean assigned(String type, String name, Object value) {
        var declared = shell.flatMap(s -> variable(s, name)).map(VarSnippet::typeName);
        if (declared.isEmpty()) {
            return false;
        }
        boolean fits = simple(declared.get()).equals(simple(type)) || value(name).isEmpty();
        Handover.hand(value);
        return fits && evaluate(name + " = (" + declared.get() + ") " + HERE + ".take();");
    }

    private static Optional<VarSnippet> variable(JShell shell, String name) {
        return variables(shell).stream().filter(v -> v.name().equals(name)).findFirst();
    }

    /** JShell writes a type without its package where it is imported. */
    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
