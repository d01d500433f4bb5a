package jane.notebook.host;

import jane.ir.JaneException;
import jane.notebook.Display;
import jane.notebook.Magics;
import jane.notebook.Renderers;
import jane.notebook.Workspace;
import jane.notebook.magic.Magic;
import jane.notebook.magic.MagicRegistry;
import jane.notebook.magics.TimeMagic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Jane in a host's kernel: her magics under the host's names, her pictures, her imports. */
final class Guest {
    /** What Jane's own kernel imports, its own helpers apart. */
    private static final String IMPORTS = "/jane/notebook/kernel/startup.jshell";

    private static final String NOT_HERE = "jane.notebook.kernel";

    private final Host host;
    private final Optional<CellWatch> watch;
    private final HostNotebook notebook;
    private final Workspace workspace = new Workspace();
    private final MagicRegistry registry = new MagicRegistry();

    private Guest(Host host) {
        this.host = host;
        var shell = host.shell();
        this.watch = shell.map(s -> new CellWatch(s, this::show, this::abandon));
        this.notebook = new HostNotebook(host, new HostJava(host, shell, watch));
    }

    /** Moves in. */
    static Guest in(Host host) {
        requireJarInCells(host);
        var guest = new Guest(host);
        guest.notebook.eval(imports());
        guest.registerMagics();
        host.render(Renderers::render);
        return guest;
    }

    private static void requireJarInCells(Host host) {
        var token = Integer.toHexString(System.identityHashCode(host));
        var java = Handover.class.getName() + ".give(new Object[] {\"" + token + "\"});";
        try {
            host.evalRaw(java);
        } catch (Exception unseen) {
            throw unseen(host, unseen);
        }
        if (!(Handover.take() instanceof Object[] values) || !token.equals(values[0])) {
            throw unseen(host, null);
        }
    }

    private static JaneException unseen(Host host, Exception why) {
        return new JaneException(
                why,
                "install",
                "cells of %s do not see Jane's classes as the kernel does; need the jar once, in"
                        + " IJAVA_CLASSPATH or JJAVA_CLASSPATH, or by %%classpath",
                host.name());
    }

    private static String imports() {
        try (InputStream in = Guest.class.getResourceAsStream(IMPORTS)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.contains(NOT_HERE))
                    .collect(Collectors.joining("\n"));
        } catch (IOException unreadable) {
            throw new JaneException(
                    unreadable, "install", "%s is unreadable; need the whole jar", IMPORTS);
        }
    }

    private void registerMagics() {
        Magics.register(registry, notebook, workspace);
        if (!host.has("time")) {
            registry.register(new TimeMagic(notebook::eval));
        }
        for (Magic magic : registry.all()) {
            var name = magic.name();
            // Under both signs: a magic used as what it is not says what it is.
            host.lineMagic(
                    name,
                    (words, body) -> run("%" + name, () -> registry.line(name, Words.line(words))));
            host.cellMagic(
                    name,
                    (words, body) ->
                            run("%%" + name, () -> registry.cell(name, Words.line(words), body)));
            host.lineMagic(
                    name + "?",
                    (words, body) -> run("%" + name, () -> Optional.of(registry.help(name))));
        }
    }

    /** One magic, with all that Jane's own kernel does around a cell. */
    private Object run(String name, Callable<Optional<Object>> magic) {
        notebook.begin();
        watch.ifPresent(w -> w.began(name));
        try {
            remember();
            Object value = magic.call().orElse(null);
            remember();
            watch.ifPresent(w -> w.ended(value));
            return value;
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError failed) {
            watch.ifPresent(w -> w.failed(failed));
            throw new MagicError(failed);
        } finally {
            notebook.end();
        }
    }

    private void remember() {
        workspace.remember(notebook, watch.map(CellWatch::takeSources).orElse(""));
    }

    private void abandon() {
        notebook.abandon();
    }

    private void show(Object value) {
        notebook.show(Renderers.render(value).orElseGet(() -> Display.text(String.valueOf(value))));
    }

    boolean isIn(Object kernel) {
        return host.kernel() == kernel;
    }
}
