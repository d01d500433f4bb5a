package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
    @TempDir Path home;

    private static Finding of(String subject, Machine machine) {
        return new Doctor(machine)
                .examine().stream().filter(f -> f.subject().equals(subject)).findFirst().get();
    }

    @Test
    void aPlainLinuxMachineHasNoProblem() {
        assertEquals(0, DoctorCommand.exitCode(new Doctor(Machines.LINUX).examine()));
        assertEquals(Finding.ok("system", "Linux"), of("system", Machines.LINUX));
        assertEquals(
                Finding.ok("java", "Java 17 in /usr/lib/jvm/java-17"), of("java", Machines.LINUX));
        assertEquals(
                Finding.ok("engine", "cpu, 4 threads, heap up to 4096 MB"),
                of("engine", Machines.LINUX));
        assertEquals(
                Finding.ok("neural engine", "absent: Linux has none; programs run on cpu"),
                of("neural engine", Machines.LINUX));
    }

    @Test
    void anOldJavaIsAProblem() {
        var jdk = new Machine.Jdk(11, "amd64", Path.of("/jdk-11"), List.of());
        assertEquals(
                Finding.problem(
                        "java",
                        "Java 11 in /jdk-11 is too old",
                        "./install.sh --jdk DIR, with DIR a JDK of version 17 or newer"),
                of("java", Machines.with(jdk)));
    }

    @Test
    void aTranslatedJdkOnAppleSiliconIsAProblemWhateverTheProcessorCallsItself() {
        for (String processor : List.of("Apple M2 Pro", "VirtualApple @ 2.50GHz processor")) {
            assertEquals(
                    Finding.problem(
                            "architecture",
                            "a JDK for x86_64 on "
                                    + processor
                                    + ": it runs translated (Rosetta) and cannot load arm64"
                                    + " libraries",
                            "brew install openjdk@21, then ./install.sh --jdk DIR"),
                    of("architecture", Machines.mac(processor, "x86_64")));
        }
    }

    @Test
    void theJdksOwnArchitectureIsFineOnEitherMac() {
        assertEquals(
                Finding.ok("architecture", "aarch64"),
                of("architecture", Machines.mac("Apple M1", "aarch64")));
        assertEquals(
                Finding.ok("architecture", "x86_64"),
                of("architecture", Machines.mac("Intel(R) Core(TM) i7", "x86_64")));
    }

    @Test
    void aRareArchitectureIsAWarning() {
        var jdk = new Machine.Jdk(17, "riscv64", Path.of("/jdk"), Machines.LINUX.jdk().modules());
        assertEquals(
                Finding.warning(
                        "architecture",
                        "riscv64: only the Java kernels run here",
                        "a JDK for x86-64 or arm64 gets the fast kernels"),
                of("architecture", Machines.with(jdk)));
    }

    @Test
    void aJreIsAProblemThatNamesTheMissingModules() {
        var jdk = new Machine.Jdk(17, "amd64", Path.of("/jre"), List.of("jdk.compiler"));
        assertEquals(
                Finding.problem(
                        "jdk modules",
                        "missing jdk.jshell: this is a JRE, not a JDK",
                        "./install.sh --jdk DIR, with DIR a full JDK: notebooks compile their"
                                + " cells"),
                of("jdk modules", Machines.with(jdk)));
    }

    @Test
    void windowsIsAProblemThatPointsToWsl() {
        assertEquals(
                Finding.problem(
                        "system",
                        "Windows 11 is not supported",
                        "use Linux or macOS; on Windows, install WSL 2 and run ./install.sh in it"),
                of("system", Machines.with(new Machine.Host("Windows 11", ""))));
    }

    @Test
    void aSmallHeapIsAWarning() {
        assertEquals(
                Finding.warning(
                        "engine",
                        "cpu, 1 threads, heap up to 256 MB: small models only",
                        "java -Xmx2g -jar dist/jane.jar"),
                of("engine", Machines.with(new Machine.Resources(1, 256L << 20, "", ""))));
    }

    @Test
    void missingNativeKernelsAreAWarningUnlessAskedFor() {
        assertEquals(
                Finding.ok("native library", "native kernels (AVX2), OpenBLAS 0.3.31"),
                of("native library", Machines.LINUX));
        assertEquals(
                Finding.warning(
                        "native library",
                        "Java kernels: no libjanekernels.so for linux-riscv64",
                        "docs/native.md: how it is found and built"),
                of(
                        "native library",
                        kernels("Java kernels: no libjanekernels.so for linux-riscv64")));
        var chosen = "Java kernels: JANE_KERNELS asks for them";
        assertEquals(Finding.ok("native library", chosen), of("native library", kernels(chosen)));
    }

    private static Machine kernels(String description) {
        return Machines.with(new Machine.Resources(2, 4L << 30, description + ", 1 threads", ""));
    }

    @Test
    void aNeuralEngineThatIsNotUsedIsSaidSo() {
        assertEquals(
                Finding.warning(
                        "neural engine",
                        "in Apple M4; engine ane has not run on hardware yet, programs run on cpu"
                                + " until it is chosen",
                        "try '%jane use ane' and see docs/ane.md"),
                of("neural engine", Machines.mac("Apple M4", "aarch64")));
        assertEquals(
                Finding.ok(
                        "neural engine",
                        "absent: this Mac has an Intel processor; programs run on cpu"),
                of("neural engine", Machines.mac("Intel(R) Core(TM) i7", "x86_64")));
    }

    @Test
    void aStandInIsCalledOne() {
        var resources = new Machine.Resources(2, 4L << 30, "java", "Neural Engine of M5 on e5rt");
        assertEquals(
                Finding.ok(
                        "neural engine",
                        "a stand-in: Neural Engine of M5 on e5rt; programs run on cpu until it is"
                                + " chosen"),
                of("neural engine", Machines.with(resources)));
    }

    @Test
    void theRouteToTheNeuralEngineIsTold() {
        var neural = "Neural Engine of M4 on inmem (e5rt cannot be opened: dlsym), in this process";
        assertEquals(
                Finding.warning(
                        "neural engine",
                        "in Apple M4; "
                                + neural
                                + "; engine ane has not run on hardware yet, programs run on cpu"
                                + " until it is chosen",
                        "try '%jane use ane' and see docs/ane.md"),
                of("neural engine", Machines.mac("Apple M4", "aarch64", neural)));
    }

    @Test
    void jupyterIsFoundOnThePath() throws Exception {
        Path bin = Files.createDirectories(home.resolve("my bin"));
        Path jupyter = Files.createFile(bin.resolve("jupyter"));
        var environment = Map.of("PATH", "/nowhere:" + bin);
        assertEquals(
                Finding.Level.WARNING, of("jupyter", Machines.with(environment, home)).level());
        assertEquals(true, jupyter.toFile().setExecutable(true));
        assertEquals(
                Finding.ok("jupyter", jupyter.toString()),
                of("jupyter", Machines.with(environment, home)));
    }

    @Test
    void aKernelspecIsFoundWhereJupyterLooks() throws Exception {
        Path spec = kernelspec("[\"java\", \"-jar\", \"/\"]");
        assertEquals(
                Finding.ok("kernelspec", spec.toString()),
                of("kernelspec", Machines.with(Map.of("JUPYTER_PATH", home.toString()), home)));
    }

    @Test
    void aKernelspecThatStartsNothingIsAProblem() throws Exception {
        Path spec = kernelspec("[\"java\", \"-jar\", \"/gone/jane.jar\"]");
        assertEquals(
                Finding.problem(
                        "kernelspec",
                        spec + ": it starts /gone/jane.jar, which does not exist",
                        "./install.sh"),
                of("kernelspec", Machines.with(Map.of("JUPYTER_DATA_DIR", home.toString()), home)));
    }

    @Test
    void aKernelspecThatSaysNothingUsefulIsAProblem() throws Exception {
        Path spec = kernelspec("[]");
        var machine = Machines.with(Map.of("JUPYTER_PATH", home.toString()), home);
        assertEquals(spec + ": it has no argv", of("kernelspec", machine).found());
        for (String junk :
                List.of("", "[1]", "null", "{\"argv\": 3}", "{\"argv\": [\"/\\u0000\"]}")) {
            Files.writeString(spec, junk);
            assertEquals(Finding.Level.PROBLEM, of("kernelspec", machine).level(), junk);
        }
        Files.write(spec, new byte[] {'{', (byte) 0xff, '}'});
        assertEquals(Finding.Level.PROBLEM, of("kernelspec", machine).level());
    }

    @Test
    void aMissingKernelspecSaysWhereItWasLookedFor() {
        var search =
                new KernelspecSearch(Machines.with(Map.of("VIRTUAL_ENV", "/venv"), Path.of("/me")));
        assertEquals(
                List.of(
                        "/me/.local/share/jupyter/kernels",
                        "/venv/share/jupyter/kernels",
                        "/usr/local/share/jupyter/kernels",
                        "/usr/share/jupyter/kernels"),
                search.folders().stream().map(Path::toString).toList());
    }

    private Path kernelspec(String argv) throws Exception {
        Path folder = Files.createDirectories(home.resolve("kernels/jane"));
        return Files.writeString(folder.resolve("kernel.json"), "{\"argv\": " + argv + "}");
    }
}
