package jane.engine.cpu;

import jane.engine.natives.NativeException;
import jane.engine.natives.NativeSettings;

/**
 * The kernels of this process, chosen once, when the first engine opens. If the native ones are
 * missing, that is logged then, and every engine's description goes on saying so.
 */
final class InstalledKernels {
    private static final Kernels CHOSEN = choose(NativeSettings.current());

    private InstalledKernels() {}

    static Kernels get() {
        return CHOSEN;
    }

    static Kernels choose(NativeSettings settings) {
        if (settings.kernels().equals("java")) {
            return new JavaKernels("Java kernels: " + NativeSettings.KERNELS + " asks for them");
        }
        try {
            return NativeKernels.load(settings);
        } catch (NativeException e) {
            System.getLogger("jane.engine").log(System.Logger.Level.WARNING, e.getMessage());
            return new JavaKernels("Java kernels: " + e.reason());
        }
    }
}
