package jane.notebook.host;

import jane.ir.JaneException;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * What JJava looks for on its class path, by {@code META-INF/services}, and runs when it starts or
 * when {@code %classpath} and {@code %maven} add the jar.
 */
public final class JJavaExtension implements Extension {
    /** For JJava. */
    public JJavaExtension() {}

    /** Installs Jane; where that cannot be it says why, and the kernel starts without. */
    @Override
    public void install(BaseKernel kernel) {
        try {
            Hosts.enter(new JJavaHost(kernel));
        } catch (JaneException refused) {
            System.err.println(refused.getMessage());
        }
    }
}
