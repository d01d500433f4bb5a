package jane.cli;

import jane.notebook.kernel.JupyterPaths;
import jane.notebook.kernel.KernelspecInstaller;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jane kernelspec install|remove}: tells Jupyter of the kernel. */
@Command(name = "kernelspec", description = "Installs or removes the Jupyter kernel.")
final class KernelspecCommand implements Runnable {
    @Spec private CommandSpec spec;

    KernelspecCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "[kernelspec] no command given; need install or remove");
    }

    /** Where to, in Jupyter's own words. */
    static final class Where {
        @ArgGroup(exclusive = true)
        private Choice choice = new Choice();

        /** At most one of them. */
        static final class Choice {
            @Option(names = "--user", description = "For this user (the default).")
            private boolean user;

            @Option(
                    names = "--prefix",
                    paramLabel = "DIR",
                    description = "In DIR/share/jupyter/kernels.")
            private Path prefix;

            @Option(
                    names = "--sys-prefix",
                    description =
                            "In the active virtual or conda environment, or python3's prefix.")
            private boolean sysPrefix;
        }

        Path kernels() {
            JupyterPaths paths = JupyterPaths.ofProcess();
            if (choice.prefix != null) {
                return paths.prefix(choice.prefix);
            }
            return choice.sysPrefix ? paths.sysPrefix() : paths.user();
        }
    }

    @Command(name = "install", description = "Installs the kernel 'jane', or replaces it.")
    void install(
            @Mixin Where where,
            @Option(names = "--no-archive", description = "Do without the class archive.")
                    boolean noArchive) {
        PrintWriter out = spec.commandLine().getOut();
        var installer =
                new KernelspecInstaller(
                        line -> {
                            out.println(line);
                            out.flush();
                        });
        Path folder = installer.install(where.kernels(), !noArchive);
        out.println("installed kernelspec " + KernelspecInstaller.NAME + " in " + folder);
        out.flush();
    }

    @Command(name = "remove", description = "Removes the kernel 'jane'.")
    void remove(@Mixin Where where) {
        PrintWriter out = spec.commandLine().getOut();
        Path kernels = where.kernels();
        boolean removed = new KernelspecInstaller(out::println).remove(kernels);
        out.println((removed ? "removed from " : "nothing to remove in ") + kernels);
        out.flush();
    }
}
