package jane.notebook.host;

import jane.ir.JaneException;
import jane.notebook.kernel.Kernel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Finds the kernel that runs this process. It has one guest at most, hence the static. */
public final class Hosts {
    private static final String IJAVA = "/io/github/spencerpark/ijava/IJava.class";
    private static final String JJAVA = "/org/dflib/jjava/jupyter/kernel/BaseKernel.class";
    private static final String OWN = "/jane/notebook/kernel/Kernel.class";

    private static final AtomicReference<Guest> GUEST = new AtomicReference<>();

    private Hosts() {}

    /**
     * Installs Jane in the running kernel; for {@link jane.notebook.Install}.
     *
     * @return a sentence that says where Jane is now
     */
    public static String install() {
        var host = find();
        if (host.isPresent()) {
            return enter(host.get());
        }
        if (ownKernelRuns()) {
            return "This is Jane's own kernel: its magics are here already, %lsmagic lists them";
        }
        throw new JaneException(
                "install",
                "no notebook kernel runs in this process%s; need a cell of a notebook in IJava"
                        + " 1.3.0, in JJava 1.0-a6 or later, or in Java (Jane), which ./install.sh"
                        + " installs",
                has(IJAVA) ? " yet, though IJava is on the class path" : "");
    }

    private static Optional<Host> find() {
        try {
            Optional<Host> ijava = has(IJAVA) ? IJavaHost.running() : Optional.empty();
            return ijava.isPresent() || !has(JJAVA) ? ijava : JJavaHost.running();
        } catch (LinkageError other) {
            throw otherClasses(has(IJAVA) ? "IJava" : "JJava", other);
        }
    }

    private static JaneException otherClasses(String host, LinkageError found) {
        return new JaneException(
                found,
                "install",
                "%s has other classes than it should: %s; need IJava 1.3.0, or JJava 1.0-a6 or"
                        + " later, or Java (Jane), which ./install.sh installs",
                host,
                found);
    }

    /** Whether a class is there, without loading it: it may be linked to others that are not. */
    private static boolean has(String classFile) {
        return Hosts.class.getResource(classFile) != null;
    }

    private static boolean ownKernelRuns() {
        if (!has(OWN)) {
            return false; // the jar for other hosts has none
        }
        try {
            return Kernel.current() != null;
        } catch (IllegalStateException none) {
            return false;
        }
    }

    /** Moves in, unless that is done. */
    static synchronized String enter(Host host) {
        var present = Optional.ofNullable(GUEST.get()).filter(guest -> guest.isIn(host.kernel()));
        if (present.isPresent()) {
            return "Jane is in " + host.name() + " already; %lsmagic lists its magics";
        }
        try {
            GUEST.set(Guest.in(host));
        } catch (LinkageError other) {
            throw otherClasses(host.name(), other);
        }
        return "Jane is in " + host.name() + " now; %lsmagic lists its magics";
    }
}
