package jane.engine.natives;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says about native code; read here and nowhere else.
 *
 * @param kernels {@code JANE_KERNELS}: {@code native} (the default), {@code java}, {@code scalar}
 *     (native, without vector instructions), or the path of a library that the user built
 * @param cache {@code JANE_CACHE}, or the system's folder for caches: where libraries are unpacked
 * @param host the machine
 */
public record NativeSettings(String kernels, Path cache, Host host) {
    /** The name of the variable that chooses kernels. */
    public static final String KERNELS = "JANE_KERNELS";

    /** Those of this process. */
    public static NativeSettings current() {
        return of(
                System.getenv(),
                new Host(System.getProperty("os.name"), System.getProperty("os.arch")),
                System.getProperty("user.home"));
    }

    static NativeSettings of(Map<String, String> environment, Host host, String home) {
        var kernels = environment.getOrDefault(KERNELS, "").strip();
        var chosen = environment.getOrDefault("JANE_CACHE", "").strip();
        var usual =
                host.mac()
                        ? Path.of(home, "Library", "Caches", "jane")
                        : Path.of(home, ".cache", "jane");
        return new NativeSettings(
                kernels.isEmpty() ? "native" : kernels,
                chosen.isEmpty() ? usual : Path.of(chosen),
                host);
    }
}
