package jane.notebook.host;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import jane.ir.JaneException;
import jane.notebook.Display;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Function;
import jdk.jshell.JShell;

/**
 * IJava 1.3.0, over its base library. IJava itself is on no registry to compile against, so its own
 * few classes are reached by reflection, all of it where the running kernel is looked for.
 */
final class IJavaHost implements Host {
    private static final String PACKAGE = "io.github.spencerpark.ijava.";

    private final BaseKernel kernel;
    private final String version;
    private final Magics magics;
    private final Method evalRaw;
    private final JShell shell;

    private IJavaHost(
            BaseKernel kernel, String version, Magics magics, Method evalRaw, JShell shell) {
        this.kernel = kernel;
        this.version = version;
        this.magics = magics;
        this.evalRaw = evalRaw;
        this.shell = shell;
    }

    /** The kernel that IJava's {@code main} runs; empty if it runs none. */
    static Optional<Host> running() {
        try {
            Class<?> main = Class.forName(PACKAGE + "IJava");
            Object kernel = main.getMethod("getKernelInstance").invoke(null);
            return kernel == null
                    ? Optional.empty()
                    : Optional.of(of(kernel, String.valueOf(main.getField("VERSION").get(null))));
        } catch (ReflectiveOperationException | ClassCastException other) {
            throw new JaneException(
                    other,
                    "install",
                    "this IJava has other classes than 1.3.0: %s; need IJava 1.3.0, whose base"
                            + " library is jupyter-jvm-basekernel 2.3.0, or Java (Jane), which"
                            + " ./install.sh installs",
                    other);
        }
    }

    private static Host of(Object kernel, String version) throws ReflectiveOperationException {
        var type = kernel.getClass();
        var evaluator = type.getDeclaredField("evaluator");
        evaluator.setAccessible(true);
        Object shell = evaluator.getType().getMethod("getShell").invoke(evaluator.get(kernel));
        return new IJavaHost(
                (BaseKernel) kernel,
                version,
                (Magics) type.getMethod("getMagics").invoke(kernel),
                type.getMethod("evalRaw", String.class),
                (JShell) shell);
    }

    @Override
    public String name() {
        return "IJava " + version;
    }

    @Override
    public Object kernel() {
        return kernel;
    }

    @Override
    public void display(Display shown, String id) {
        kernel.display(bundle(shown, id));
    }

    @Override
    public boolean update(Display shown, String id) {
        var display = kernel.getIO().display;
        display.updateDisplay(bundle(shown, id));
        return display.isAttached();
    }

    private static DisplayData bundle(Display shown, String id) {
        var bundle = new DisplayData();
        shown.data().forEach(bundle::putData);
        shown.metadata().forEach(bundle::putMetaData);
        bundle.putTransientData("display_id", id);
        return bundle;
    }

    @Override
    public Optional<Object> evalRaw(String java) throws Exception {
        try {
            return Optional.ofNullable(evalRaw.invoke(kernel, java));
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw thrown;
        }
    }

    @Override
    public boolean has(String magic) {
        return false; // IJava 1.3.0 has classpath, jars, load and Maven's only
    }

    @Override
    public void lineMagic(String name, Body body) {
        magics.registerLineMagic(name, words -> body.run(words, ""));
    }

    @Override
    public void cellMagic(String name, Body body) {
        magics.registerCellMagic(name, body::run);
    }

    /** Registered for Object: what stands nearer in a value's family goes first. */
    @Override
    public void render(Function<Object, Optional<Display>> picture) {
        kernel.getRenderer()
                .createRegistration(Object.class)
                .preferring("text/plain", "text/html", "image/png")
                .register(
                        (value, context) ->
                                picture.apply(value).ifPresent(shown -> render(shown, context)));
    }

    private static void render(Display shown, RenderContext context) {
        shown.data()
                .forEach(
                        (type, content) -> {
                            if (context.wantsDataRenderedAs(MIMEType.parse(type))) {
                                context.getOutputContainer().putData(type, content);
                            }
                        });
        shown.metadata().forEach(context.getOutputContainer()::putMetaData);
    }

    @Override
    public Optional<JShell> shell() {
        return Optional.of(shell);
    }
}
