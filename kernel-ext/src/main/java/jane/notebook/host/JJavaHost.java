package jane.notebook.host;

import jane.notebook.Display;
import java.util.Optional;
import java.util.function.Function;
import jdk.jshell.JShell;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.kernel.magic.CellMagic;
import org.dflib.jjava.jupyter.kernel.magic.LineMagic;

/**
 * JJava 1.0-a6 and later. Its alphas move their classes about: what is needed here has stayed where
 * it is, and Jane does without the rest where it is gone.
 */
final class JJavaHost implements Host {
    private static final String SHELL =
            Handover.class.getName()
                    + ".give(new Object[] {((org.dflib.jjava.kernel.JavaKernel)"
                    + " org.dflib.jjava.jupyter.kernel.BaseKernel.notebookKernel()).getJShell()});";

    private final BaseKernel kernel;

    JJavaHost(BaseKernel kernel) {
        this.kernel = kernel;
    }

    /** The kernel that JJava runs in this process; empty if it runs none. */
    static Optional<Host> running() {
        try {
            return Optional.of(new JJavaHost(BaseKernel.notebookKernel()));
        } catch (NullPointerException none) {
            return Optional.empty(); // JJava's way to say so
        }
    }

    /** As {@code JJava 1.0-a6}, from the banner {@code Java 17 :: JJava 1.0-a6 :: Protocol ...}. */
    @Override
    public String name() {
        try {
            var banner = kernel.getBanner().split(" :: ");
            return banner.length > 1 ? banner[1].strip() : "JJava";
        } catch (LinkageError gone) {
            return "JJava";
        }
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
        bundle.putTransientData("display_id", id); // setDisplayId has changed its signature
        return bundle;
    }

    @Override
    public Optional<Object> evalRaw(String java) {
        return Optional.ofNullable(kernel.evalRaw(java));
    }

    /** JJava has its own %time since 1.0-a7. */
    @Override
    public boolean has(String magic) {
        try {
            return kernel.getMagicsRegistry().getLineMagicNames().contains(magic);
        } catch (LinkageError gone) {
            return true;
        }
    }

    @Override
    public void lineMagic(String name, Body body) {
        LineMagic<Object, BaseKernel> magic = (caller, words) -> body.run(words, "");
        kernel.getMagicsRegistry().registerLineMagic(name, magic);
    }

    @Override
    public void cellMagic(String name, Body body) {
        CellMagic<Object, BaseKernel> magic = (caller, words, text) -> body.run(words, text);
        kernel.getMagicsRegistry().registerCellMagic(name, magic);
    }

    @Override
    public void render(Function<Object, Optional<Display>> picture) {
        try {
            kernel.getRenderer()
                    .createRegistration(Object.class)
                    .preferring("text/plain", "text/html", "image/png")
                    .register(
                            (value, context) ->
                                    picture.apply(value)
                                            .ifPresent(shown -> render(shown, context)));
        } catch (LinkageError gone) {
            System.err.println(
                    "[install] this JJava's renderer is another than that of 1.0-a6: "
                            + gone
                            + "; values that end a cell are shown as text, magics show pictures");
        }
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

    /** The session itself hands it over: the class that has it is on no registry. */
    @Override
    public Optional<JShell> shell() {
        try {
            kernel.evalRaw(SHELL);
        } catch (RuntimeException gone) {
            return Optional.empty();
        }
        return Handover.take() instanceof Object[] given && given[0] instanceof JShell shell
                ? Optional.of(shell)
                : Optional.empty();
    }
}
