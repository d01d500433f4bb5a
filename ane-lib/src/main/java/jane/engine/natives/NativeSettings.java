package jane.engine.natives;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says about native code; read here and nowhere else.
 *
 * @param kernels {@code JANE_KERNELS}: {@code native} (the default), {@code java}, {@code scalar}
 *     (native, without vector instructions), or the path of a library that the user built
 * @param cache that of {@link Folders}: where libraries are unpacked
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
                Folders.current());
    }

    static NativeSettings of(Map<String, String> environment, Host host, Folders folders) {
        var kernels = environment.getOrDefault(KERNELS, "").strip();
        return new NativeSettings(kernels.isEmpty() ? "native" : kernels, folders.cache(), host);
    }
}
