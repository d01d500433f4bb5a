package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.notebook.Install;
import org.junit.jupiter.api.Test;

/** The line that other kernels need does no harm in ours. */
final class InstallInOwnKernelTest {
    @Test
    void saysThatAllIsHere() {
        var kernel = new JaneKernel(new RecordingFrontend(), new Startup(""));
        kernel.awaitSession();
        assertEquals(
                "This is Jane's own kernel: its magics are here already, %lsmagic lists them",
                Install.here());
    }
}
