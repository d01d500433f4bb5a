package jane.engine.natives;

import java.util.Locale;

/**
 * The machine as libraries name it.
 *
 * @param os as the system property {@code os.name} has it
 * @param arch as {@code os.arch} has it
 */
public record Host(String os, String arch) {
    /** Whether this is macOS. */
    public boolean mac() {
        return os.startsWith("Mac");
    }

    /** Whether this is Linux. */
    public boolean linux() {
        return os.startsWith("Linux");
    }

    /** Where Jane's libraries for it are: {@code linux-x86-64}, {@code darwin-aarch64}. */
    public String folder() {
        String system = mac() ? "darwin" : os.toLowerCase(Locale.ROOT).replace(' ', '-');
        return system + "-" + (intel() ? "x86-64" : arch);
    }

    /** Whether the JVM runs x86-64 code. */
    public boolean intel() {
        return arch.equals("amd64") || arch.equals("x86_64");
    }

    /** The same for libraries made for JavaCPP: {@code linux-x86_64}, {@code linux-arm64}. */
    String javaCpp() {
        return folder().replace("x86-64", "x86_64").replace("aarch64", "arm64");
    }

    /** The file name of a library: {@code libjanekernels.so}. */
    public String fileName(String library) {
        return "lib" + library + (mac() ? ".dylib" : ".so");
    }
}
