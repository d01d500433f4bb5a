package jane.notebook.kernel;

import com.google.gson.GsonBuilder;
import jane.ir.JaneException;
import jane.notebook.host.Fonts;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the kernelspec that tells Jupyter how to start this kernel: {@code kernel.json}, logos, a
 * font, and a class archive that halves the time to the first result. All is made in a folder
 * beside and then put in place, so that an install that fails leaves an older one as it was.
 *
 * <p>Errors: a folder that cannot be written, or one of that name that is not ours: a {@link
 * JaneException} naming it.
 */
public final class KernelspecInstaller {
    /** The kernel's name, in {@code jupyter console --kernel jane}. */
    public static final String NAME = "jane";

    private static final String DISPLAY_NAME = "Java (Jane)";
    private static final List<String> LOGOS =
            List.of("logo-32x32.png", "logo-64x64.png", "logo-svg.svg");

    private final Path javaHome;
    private final int feature;
    private final String classPath;
    private final Consumer<String> log;

    /** An installer for the running Java and class path that reports to {@code log}. */
    public KernelspecInstaller(Consumer<String> log) {
        this(
                Path.of(System.getProperty("java.home")),
                Runtime.version().feature(),
                absolute(System.getProperty("java.class.path")),
                log);
    }

    KernelspecInstaller(Path javaHome, int feature, String classPath, Consumer<String> log) {
        this.javaHome = javaHome;
        this.feature = feature;
        this.classPath = classPath;
        this.log = log;
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Installs, or replaces, the kernelspec.
     *
     * @param kernels the folder that holds kernelspecs, from {@link JupyterPaths}
     * @param archive whether to make the class archive, which takes some seconds
     * @return the kernelspec's folder
     */
    public Path install(Path kernels, boolean archive) {
        Path target = kernels.resolve(NAME);
        try {
            refuseForeign(target);
            Files.createDirectories(kernels);
            Path fresh = Files.createTempDirectory(kernels, "." + NAME + "-");
            try {
                write(fresh, target, archive);
                replace(fresh, target);
            } finally {
                delete(fresh);
            }
        } catch (IOException failed) {
            throw new JaneException(
                    failed,
                    "kernelspec",
                    "cannot be written to %s: %s; need a folder you may write to, see --user and"
                            + " --prefix",
                    target,
                    failed);
        }
        return target;
    }

    /**
     * Removes the kernelspec.
     *
     * @return whether there was one
     */
    public boolean remove(Path kernels) {
        Path target = kernels.resolve(NAME);
        try {
            if (!Files.exists(target)) {
                return false;
            }
            refuseForeign(target);
            delete(target);
            return true;
        } catch (IOException failed) {
            throw new JaneException(
                    failed, "kernelspec", "%s cannot be removed: %s", target, failed);
        }
    }

    private static void refuseForeign(Path target) throws IOException {
        Path spec = target.resolve("kernel.json");
        boolean ours =
                Files.exists(spec)
                        && Files.readString(spec).contains(KernelMain.class.getPackageName());
        if (Files.exists(target) && !ours) {
            throw new JaneException(
                    "kernelspec", "%s exists and was not made by Jane; move it away first", target);
        }
    }

    private void write(Path fresh, Path target, boolean archive) throws IOException {
        for (String logo : LOGOS) {
            try (InputStream in = KernelspecInstaller.class.getResourceAsStream(logo)) {
                Files.write(fresh.resolve(logo), in.readAllBytes());
            }
        }
        Map<String, String> environment = new LinkedHashMap<>();
        if (Fonts.needed()) {
            Path fonts = Fonts.extract(fresh.resolve("fonts"), target.resolve("fonts"));
            environment.put(Fonts.VARIABLE, fonts.toString());
        }
        var classes = new ClassArchive(javaHome, feature, classPath);
        boolean made = archive && made(classes, fresh);
        List<String> arguments = new ArrayList<>();
        arguments.add(javaHome.resolve("bin").resolve("java").toString());
        arguments.addAll(made ? classes.use(target) : List.of());
        arguments.addAll(classes.always());
        arguments.add(KernelMain.class.getName());
        arguments.add("{connection_file}");
        Files.writeString(
                fresh.resolve("kernel.json"), json(arguments, environment), StandardCharsets.UTF_8);
    }

    private boolean made(ClassArchive classes, Path folder) throws IOException {
        log.accept("making a class archive, so that the kernel starts faster ...");
        Optional<String> problem = classes.make(folder);
        problem.ifPresent(why -> log.accept("no class archive, the kernel starts slower: " + why));
        return problem.isEmpty();
    }

    private static String json(List<String> arguments, Map<String, String> environment) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("argv", arguments);
        spec.put("display_name", DISPLAY_NAME);
        spec.put("language", "java");
        spec.put("interrupt_mode", "message"); // a signal works as well, but not on Windows
        spec.put("env", environment);
        spec.put("metadata", Map.of("debugger", false));
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(spec)
                + "\n";
    }

    private static void replace(Path fresh, Path target) throws IOException {
        Path old = target.resolveSibling("." + NAME + "-old-" + ProcessHandle.current().pid());
        boolean existed = Files.exists(target);
        if (existed) {
            Files.move(target, old);
        }
        Files.move(fresh, target);
        target.toFile().setExecutable(true, false); // a temporary folder is for its owner only
        target.toFile().setReadable(true, false);
        if (existed) {
            delete(old);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
