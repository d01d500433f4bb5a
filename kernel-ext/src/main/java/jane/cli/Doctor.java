package jane.cli;

import static jane.cli.Finding.ok;
import static jane.cli.Finding.problem;
import static jane.cli.Finding.warning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks a machine over for what Jane needs. Reads only; changes nothing. */
final class Doctor {
    private static final int OLDEST_JAVA = 17;
    private static final long SMALL_HEAP_BYTES = 512L << 20;

    private final Machine machine;

    Doctor(Machine machine) {
        this.machine = machine;
    }

    /** Every check, in the order in which one depends on the other. */
    List<Finding> examine() {
        return List.of(
                system(),
                javaVersion(),
                javaArchitecture(),
                javaModules(),
                nativeLibrary(),
                engine(),
                neuralEngine(),
                jupyter(),
                kernelspec());
    }

    private Finding system() {
        var host = machine.system();
        if (host.linux() || host.mac()) {
            return ok("system", host.os() + describe(host.processor()));
        }
        String fix = "use Linux or macOS; on Windows, install WSL 2 and run ./install.sh in it";
        return problem("system", host.os() + " is not supported", fix);
    }

    private Finding javaVersion() {
        var jdk = machine.jdk();
        String found = "Java " + jdk.feature() + " in " + jdk.home();
        if (jdk.feature() >= OLDEST_JAVA) {
            return ok("java", found);
        }
        String fix = "./install.sh --jdk DIR, with DIR a JDK of version 17 or newer";
        return problem("java", found + " is too old", fix);
    }

    private Finding javaArchitecture() {
        var jdk = machine.jdk();
        var host = machine.system();
        if (host.appleSilicon() && jdk.intel()) {
            String found =
                    "a JDK for "
                            + jdk.arch()
                            + " on "
                            + host.processor()
                            + ": it runs translated (Rosetta) and cannot load arm64 libraries";
            return problem(
                    "architecture", found, "brew install openjdk@21, then ./install.sh --jdk DIR");
        }
        if (jdk.intel() || jdk.arm()) {
            return ok("architecture", jdk.arch());
        }
        String fix = "a JDK for x86-64 or arm64 gets the fast kernels";
        return warning("architecture", jdk.arch() + ": only the Java kernels run here", fix);
    }

    private Finding javaModules() {
        var missing =
                List.of("jdk.compiler", "jdk.jshell").stream()
                        .filter(m -> !machine.jdk().modules().contains(m))
                        .toList();
        if (missing.isEmpty()) {
            return ok("jdk modules", "jdk.compiler, jdk.jshell");
        }
        String found = "missing " + String.join(", ", missing) + ": this is a JRE, not a JDK";
        String fix = "./install.sh --jdk DIR, with DIR a full JDK: notebooks compile their cells";
        return problem("jdk modules", found, fix);
    }

    private Finding nativeLibrary() {
        String found = machine.resources().kernels().replaceFirst(", \\d+ threads?$", "");
        boolean chosen = found.endsWith("asks for them");
        boolean complete = found.startsWith("native") && !found.contains("in Java");
        return chosen || complete
                ? ok("native library", found)
                : warning("native library", found, "docs/native.md: how it is found and built");
    }

    private Finding engine() {
        var resources = machine.resources();
        String found =
                "cpu, %d threads, heap up to %d MB"
                        .formatted(resources.threads(), resources.heapBytes() >> 20);
        if (resources.heapBytes() < SMALL_HEAP_BYTES) {
            return warning(
                    "engine", found + ": small models only", "java -Xmx2g -jar dist/jane.jar");
        }
        return ok("engine", found);
    }

    private Finding neuralEngine() {
        var host = machine.system();
        if (host.appleSilicon()) {
            var neural = machine.resources().neural();
            String found =
                    "in "
                            + host.processor()
                            + (neural.isEmpty() ? "" : "; " + neural)
                            + "; engine ane has not run on hardware yet, programs run on cpu"
                            + " until it is chosen";
            return warning("neural engine", found, "try '%jane use ane' and see docs/ane.md");
        }
        var standIn = machine.resources().neural();
        if (!standIn.isEmpty()) {
            return ok(
                    "neural engine",
                    "a stand-in: " + standIn + "; programs run on cpu until it is chosen");
        }
        String where = host.mac() ? "this Mac has an Intel processor" : host.os() + " has none";
        return ok("neural engine", "absent: " + where + "; programs run on cpu");
    }

    private Finding jupyter() {
        Optional<Path> jupyter = machine.onPath("jupyter");
        return jupyter.map(p -> ok("jupyter", p.toString()))
                .orElseGet(
                        () ->
                                warning(
                                        "jupyter",
                                        "no jupyter on the PATH; notebooks need it",
                                        "install JupyterLab, then run ./install.sh"));
    }

    private Finding kernelspec() {
        var search = new KernelspecSearch(machine);
        Optional<Path> spec = search.find();
        if (spec.isEmpty()) {
            String found = "no kernel 'jane' in " + join(search.folders());
            return warning("kernelspec", found, "./install.sh");
        }
        Optional<String> broken = KernelspecSearch.broken(spec.get());
        return broken.map(why -> problem("kernelspec", spec.get() + ": " + why, "./install.sh"))
                .orElseGet(() -> ok("kernelspec", spec.get().toString()));
    }

    private static String describe(String processor) {
        return processor.isEmpty() ? "" : " on " + processor;
    }

    private static String join(List<Path> folders) {
        return String.join(", ", folders.stream().map(Path::toString).toList());
    }
}
