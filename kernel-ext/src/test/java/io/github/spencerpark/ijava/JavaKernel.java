package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.magic.MagicParser;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import jane.notebook.host.MiniShell;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A double of IJava 1.3.0's kernel: its names, and how it treats cells, magics and errors. */
public final class JavaKernel extends BaseKernel {
    private static final String INIT =
            "import java.util.*;\n"
                    + "import static io.github.spencerpark.ijava.runtime.Magics.*;\n";

    private final MiniShell evaluator = new MiniShell();
    private final MagicParser parser = new MagicParser("(?<=(?:^|=))\\s*%", "%%");
    private final Magics magics = new Magics();
    private final Deque<String> startup = new ArrayDeque<>(List.of(INIT));

    /** Adds what the environment names; that runs before the first cell, as IJava has it. */
    public JavaKernel(String classPath, String startupScript) {
        Stream.of(classPath.split(java.io.File.pathSeparator))
                .filter(entry -> !entry.isBlank())
                .forEach(evaluator.getShell()::addToClasspath);
        startup.add(startupScript);
    }

    public Magics getMagics() {
        return magics;
    }

    public Object evalRaw(String expr) throws Exception {
        return run(magicsToJava(expr));
    }

    private Object run(String java) throws Exception {
        while (!startup.isEmpty()) {
            run(startup.remove());
        }
        return evaluator.eval(java);
    }

    private String magicsToJava(String cell) {
        var whole = parser.parseCellMagic(cell);
        if (whole != null) {
            var call = whole.getMagicCall();
            return String.format(
                    "cellMagic(%s,List.of(%s),%s);{};",
                    java(call.getName()), java(call.getArgs()), java(call.getBody()));
        }
        return parser.transformLineMagics(
                cell,
                line ->
                        String.format(
                                "lineMagic(%s,List.of(%s));{};",
                                java(line.getMagicCall().getName()),
                                java(line.getMagicCall().getArgs())));
    }

    private static String java(List<String> words) {
        return words.stream().map(JavaKernel::java).collect(Collectors.joining(","));
    }

    private static String java(String text) {
        var encoded = Base64.getEncoder().encodeToString(text.getBytes());
        return "new String(Base64.getDecoder().decode(\"" + encoded + "\"))";
    }

    @Override
    public DisplayData eval(String expr) throws Exception {
        Object value = evalRaw(expr);
        if (value == null) {
            return null;
        }
        return value instanceof DisplayData data ? data : getRenderer().render(value);
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return new LanguageInfo.Builder("Java").build();
    }

    @Override
    public void interrupt() {
        evaluator.interrupt();
    }

    @Override
    public void onShutdown(boolean isRestarting) {
        evaluator.close();
    }
}
