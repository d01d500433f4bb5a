package jane.notebook.host;

import org.dflib.jjava.kernel.JavaKernel;

/** Jane in JJava, which finds her on its class path. */
final class JJavaHostTest extends HostContract {
    @Override
    HostDriver start() throws Exception {
        var kernel = new JavaKernel(true);
        kernel.onStartup();
        return new JJavaDriver(kernel);
    }

    @Override
    String name() {
        return "JJava 1.0-a6";
    }
}
