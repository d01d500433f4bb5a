package jane.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Machines for the doctor's tests: one with everything, changed one part at a time. */
final class Machines {
    static final Path NOWHERE = Path.of("/nowhere");

    static final Machine LINUX =
            new Machine(
                    new Machine.Host("Linux", ""),
                    new Machine.Jdk(
                            17,
                            "amd64",
                            Path.of("/usr/lib/jvm/java-17"),
                            List.of("jdk.compiler", "jdk.jshell")),
                    new Machine.Resources(
                            4, 4L << 30, "native kernels (AVX2), OpenBLAS 0.3.31, 1 threads", ""),
                    Map.of(),
                    NOWHERE);

    private Machines() {}

    static Machine mac(String processor, String arch) {
        return mac(processor, arch, "");
    }

    static Machine mac(String processor, String arch, String neural) {
        var jdk = new Machine.Jdk(21, arch, Path.of("/jdk"), LINUX.jdk().modules());
        var resources = new Machine.Resources(4, 4L << 30, LINUX.resources().kernels(), neural);
        return new Machine(
                new Machine.Host("Mac OS X", processor), jdk, resources, Map.of(), NOWHERE);
    }

    static Machine with(Machine.Host system) {
        return new Machine(system, LINUX.jdk(), LINUX.resources(), Map.of(), NOWHERE);
    }

    static Machine with(Machine.Jdk jdk) {
        return new Machine(LINUX.system(), jdk, LINUX.resources(), Map.of(), NOWHERE);
    }

    static Machine with(Machine.Resources resources) {
        return new Machine(LINUX.system(), LINUX.jdk(), resources, Map.of(), NOWHERE);
    }

    static Machine with(Map<String, String> environment, Path home) {
        return new Machine(LINUX.system(), LINUX.jdk(), LINUX.resources(), environment, home);
    }
}
