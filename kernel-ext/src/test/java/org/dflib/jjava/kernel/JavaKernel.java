package org.dflib.jjava.kernel;

import jane.notebook.host.MiniShell;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicParser;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;

/** A double of JJava 1.0-a6's kernel over the real base library. */
public class JavaKernel extends BaseKernel {
    private final MiniShell evaluator = new MiniShell();

    /** As 1.0-a6 is: what is below a magic's call has the cell show nothing of its value. */
    public JavaKernel(boolean extensionsEnabled) {
        this(extensionsEnabled, new MagicTranspiler());
    }

    /** As JJava's distribution builds it. */
    public JavaKernel(boolean extensionsEnabled, MagicTranspiler transpiler) {
        super(
                "JJava",
                "1.0-a6",
                new LanguageInfo.Builder("Java").version("17").build(),
                List.of(),
                null,
                new JupyterIO(StandardCharsets.UTF_8),
                new CommManager(),
                new Renderer(),
                new MagicParser("(?<=(?:^|=))\\s*%", "%%", transpiler),
                new MagicsRegistry(),
                extensionsEnabled,
                new StringStyler.Builder().build());
    }

    public JShell getJShell() {
        return evaluator.getShell();
    }

    /** Adds jars to what cells see, and installs the extensions in them. */
    public void addToClasspath(String classPath) throws Exception {
        if (classPath.isBlank()) {
            return;
        }
        getJShell().addToClasspath(classPath);
        if (extensionsEnabled) {
            var urls = new ArrayList<URL>();
            for (var entry : classPath.split(File.pathSeparator)) {
                urls.add(new File(entry).toURI().toURL());
            }
            installExtensions(new URLClassLoader(urls.toArray(URL[]::new), cellLoader()));
        }
    }

    /** The loader of what cells declare: JShell's, over the kernel's. */
    private ClassLoader cellLoader() throws JShellException {
        evaluator.eval("class Here {}");
        return evaluator.eval("new Here()").getClass().getClassLoader();
    }

    @Override
    public Object evalRaw(String source) {
        try {
            return evaluator.eval(magicParser.resolveMagics(source));
        } catch (EvalException thrown) {
            throw new RuntimeException(
                    thrown.getExceptionClassName() + ", " + thrown.getMessage(), thrown);
        } catch (JShellException thrown) {
            throw new RuntimeException(thrown);
        }
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return DisplayData.EMPTY;
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return new ReplacementOptions(List.of(), at, at);
    }

    @Override
    public String isComplete(String code) {
        return IS_COMPLETE_MAYBE;
    }

    @Override
    public void interrupt() {
        evaluator.interrupt();
    }

    @Override
    public void onShutdown(boolean isRestarting) {
        super.onShutdown(isRestarting);
        evaluator.close();
    }
}
