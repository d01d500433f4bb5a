package jane.notebook.kernel;

import java.util.function.Supplier;

/**
 * The thread that runs one cell, and the states that say when it may be interrupted.
 *
 * <p>The kernel's own code is shielded: an interrupt there would close the compiler's jar files or
 * leave a lock held. Only while the user's code or a magic runs is the thread open to interrupts;
 * one that comes in between is delivered when the shield is lifted.
 */
final class CellThread extends Thread {
    private final Object lock = new Object();
    private int shield = 1;
    private boolean ended;
    private boolean woken;
    private boolean killed;
    private volatile boolean stopRequested;

    /** Ends a cell that is to be stopped while it is in the kernel's own code. */
    private static final class Stop extends Error {
        private static final long serialVersionUID = 1L;
    }

    CellThread(Runnable work, ClassLoader loader) {
        super(work, "cell");
        setContextClassLoader(loader);
    }

    /** Runs kernel code that must not be interrupted, if this is a cell's thread at all. */
    static <T> T shielded(Supplier<T> work) {
        if (!(Thread.currentThread() instanceof CellThread thread)) {
            return work.get();
        }
        thread.addShield(1);
        try {
            return work.get();
        } finally {
            thread.addShield(-1);
        }
    }

    private void addShield(int change) {
        synchronized (lock) {
            shield += change;
            if (shield == 0 && killed) {
                throw new Stop();
            } else if (shield == 0 && woken) {
                interrupt();
            } else if (change > 0) {
                Thread.interrupted(); // woken stays; a set flag would break NIO below
            }
        }
    }

    /** Opens the current thread to interrupts; returns what {@link #leaveUserCode} must restore. */
    static int enterUserCode() {
        if (!(Thread.currentThread() instanceof CellThread thread)) {
            return 0;
        }
        synchronized (thread.lock) {
            int before = thread.shield;
            thread.shield = 0;
            if (thread.woken) {
                thread.interrupt();
            }
            return before;
        }
    }

    /** Shields the current thread again after user code. */
    static void leaveUserCode(int before) {
        if (Thread.currentThread() instanceof CellThread thread) {
            synchronized (thread.lock) {
                thread.shield = before;
                Thread.interrupted();
            }
        }
    }

    /** Whether an interrupt asked this cell to end. */
    boolean stopRequested() {
        return stopRequested;
    }

    /** Whether this is a cell's thread that was asked to end. */
    static boolean currentMustStop() {
        return Thread.currentThread() instanceof CellThread thread && thread.stopRequested;
    }

    /** Notes the request without acting on it: a hook has been asked first. */
    void noteStop() {
        stopRequested = true;
    }

    /** Wakes the thread if it blocks in user code. */
    void wake() {
        synchronized (lock) {
            stopRequested = true;
            woken = true;
            if (shield == 0 && !ended) {
                interrupt();
            }
        }
    }

    /** No interrupt reaches the thread after this. */
    void end() {
        synchronized (lock) {
            ended = true;
            Thread.interrupted();
        }
    }

    /**
     * Stops the thread where it stands, or where it returns to user code. Before Java 20 only:
     * later versions check for a stop in each loop of a snippet instead.
     *
     * @param evenInLibrary whether to stop it inside a library as well, not only in snippet code
     */
    @SuppressWarnings({"deprecation", "removal"})
    void kill(boolean evenInLibrary) {
        synchronized (lock) {
            if (ended || !(evenInLibrary || inSnippetCode())) {
                return;
            }
            if (shield == 0) {
                stop();
            } else {
                killed = true;
            }
        }
    }

    /** Whether the innermost frame outside the JDK and this package belongs to a snippet. */
    private boolean inSnippetCode() {
        String here = CellThread.class.getPackageName() + ".";
        for (StackTraceElement frame : getStackTrace()) {
            if (frame.getModuleName() == null && !frame.getClassName().startsWith(here)) {
                return frame.getClassName().startsWith("REPL.");
            }
        }
        return false;
    }
}
