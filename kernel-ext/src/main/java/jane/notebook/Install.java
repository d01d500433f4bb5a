package jane.notebook;

import jane.notebook.host.Hosts;

/**
 * Puts Jane into a notebook kernel that is not its own. One line in a cell, or in {@code
 * IJAVA_STARTUP_SCRIPT}, does it:
 *
 * <pre>{@code
 * jane.notebook.Install.here();
 * }</pre>
 *
 * <p>From then on the notebook has Jane's magics, pictures and imports. JJava finds Jane by itself
 * when the jar is put on its class path.
 *
 * <p><b>Errors.</b> Where no known kernel runs, or one with other classes than it should have, one
 * line says what was found and what is needed. To run it twice, or in Jane's own kernel, does no
 * harm.
 */
public final class Install {
    private Install() {}

    /**
     * Installs Jane in the kernel that runs this cell.
     *
     * @return a sentence that says where Jane is now
     */
    public static String here() {
        return Hosts.install();
    }
}
