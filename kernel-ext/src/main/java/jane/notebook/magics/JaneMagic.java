package jane.notebook.magics;

import jane.Jane;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.ane.AneEngine;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.nn.Layer;
import jane.nn.Summary;
import jane.notebook.Workspace;
import jane.notebook.chart.HtmlTable;
import jane.notebook.magic.Magic;
import jane.notebook.magic.Nearest;
import jane.tensor.Session;
import jane.tensor.Tensor;
import jane.tensor.Trace;
import jane.train.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** {@code %jane}: the session at a glance; engine, threads and trace are set here. */
public final class JaneMagic implements Magic {
    private static final List<String> VERBS = List.of("use", "trace");

    private final Workspace workspace;
    private final String host;

    /** Tells of a session in the kernel named {@code host}. */
    public JaneMagic(Workspace workspace, String host) {
        this.workspace = workspace;
        this.host = host;
    }

    @Override
    public String name() {
        return "jane";
    }

    @Override
    public String summary() {
        return "Shows version, engine, threads, memory and seed; chooses the engine; traces.";
    }

    @Override
    public String usage() {
        return "[use ENGINE | trace on|off]";
    }

    @Override
    public List<Option> options() {
        var options = new ArrayList<Option>();
        options.add(new Option("threads", "N", "worker threads of the engine"));
        options.addAll(PaceOptions.ALL);
        return options;
    }

    @Override
    public List<String> completions(String word) {
        return List.of(
                "use cpu", "use ane", "use sim:m5", "use sim:m5:fast", "trace on", "trace off");
    }

    @Override
    public String details() {
        return "%jane use cpu threads=2     computes on the CPU engine with two threads\n"
                + "%jane use sim:m5:fast       computes as an M5 is known to, in fp16\n"
                + "%jane use ane               computes on the Neural Engine, from a worker"
                + " process:\n"
                + "                            a crash there is an error in the cell\n"
                + "%jane use ane:inprocess     the same from this process, some microseconds"
                + " faster\n"
                + "%jane trace on              prints each program compiled and each look at a"
                + " tensor\n"
                + PaceOptions.HELP
                + "In Java: Jane.use(\"cpu\", 2), Jane.engine(), Session.current().trace(...),"
                + " Jane.pace(Pacing.NONE.dutyCycle(0.5))";
    }

    @Override
    public Optional<Object> run(Call call) {
        var words = call.words();
        if (words.isEmpty()) {
            if (call.has("threads")) {
                use(call, Session.current().engine().name());
            }
        } else if (words.get(0).equals("use") && words.size() == 2) {
            use(call, words.get(1));
        } else if (words.get(0).equals("trace") && words.size() == 2) {
            trace(words.get(1));
            return Optional.of("trace is " + words.get(1));
        } else {
            throw new JaneException(
                    "%jane",
                    "cannot read \"%s\"%s; need %s",
                    call.line(),
                    Nearest.hint(words.get(0), VERBS),
                    "nothing, use ENGINE, or trace on|off");
        }
        PaceOptions.apply(call);
        return Optional.of(status());
    }

    private void use(Call call, String engine) {
        if (call.has("threads")) {
            Jane.use(engine, Subjects.whole(this, "threads", call.option("threads", ""), 1));
        } else {
            Jane.use(engine);
        }
    }

    private static void trace(String state) {
        if (!List.of("on", "off").contains(state)) {
            throw new JaneException("%jane", "trace %s; need trace on or trace off", state);
        }
        Session.current().trace(state.equals("on") ? new Printing() : new Trace() {});
    }

    /** Prints to the cell that runs. */
    private static final class Printing implements Trace {
        @Override
        public void compiled(Program program, Executable executable, double millis) {
            System.out.printf(
                    Locale.ROOT,
                    "trace: compiled %s -> %s, %d kernels, %.1f ms%n",
                    names(executable.inputs().keySet()),
                    names(executable.outputs().keySet()),
                    executable.plan().size(),
                    millis);
            executable.plan().forEach(line -> System.out.println("trace:     " + line));
        }

        private static String names(java.util.Set<String> names) {
            return "(" + String.join(", ", names) + ")";
        }

        @Override
        public void evaluated(List<TensorType> results, Executable executable, double millis) {
            System.out.printf(
                    Locale.ROOT,
                    "trace: computed %s by %d kernels in %.2f ms%n",
                    results,
                    executable.plan().size(),
                    millis);
        }
    }

    private HtmlTable status() {
        var session = Session.current();
        var runtime = Runtime.getRuntime();
        var table =
                HtmlTable.of("Jane", version())
                        .row("notebook", host)
                        .row(
                                "engine",
                                session.engine().name() + ": " + session.engine().description())
                        .row("engines", String.join(", ", Jane.engines()))
                        .row("neural engine", neuralEngine(session.engine()))
                        .row("programs compiled", Long.toString(session.compiled()))
                        .row("seed", Long.toString(session.seed()))
                        .row(
                                "memory",
                                Summary.bytes(runtime.totalMemory() - runtime.freeMemory())
                                        + " of "
                                        + Summary.bytes(runtime.maxMemory())
                                        + " heap, "
                                        + Summary.bytes(directBytes())
                                        + " in tensors")
                        .row("tensors", names(Tensor.class))
                        .row("layers", names(Layer.class))
                        .row("trainers", trainers(session.engine()))
                        .row(
                                "machine",
                                "Java "
                                        + Runtime.version()
                                        + ", "
                                        + System.getProperty("os.name")
                                        + " "
                                        + System.getProperty("os.arch")
                                        + ", "
                                        + runtime.availableProcessors()
                                        + " processors");
        PaceOptions.rows(table);
        session.refusals().forEach(refusal -> table.row("not taken", refusal));
        return table;
    }

    /** Whether it is used, and why or why not. */
    private static String neuralEngine(Engine engine) {
        if (engine.name().equals("ane:cpu")) {
            return "not used: ane:cpu has its programs computed by the processor";
        }
        if (engine instanceof AneEngine ane) {
            return "used, since " + engine.name() + " was chosen; " + ane.place();
        }
        return AneEngine.missing()
                .map(why -> "not used: " + why)
                .orElse(
                        "not used, since "
                                + engine.name()
                                + " computes until another is chosen: %jane use ane, or"
                                + " ane:inprocess for the last microseconds");
    }

    private String names(Class<?> kind) {
        var names = workspace.names(kind);
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /** Those that have begun on another engine say so: they stay there. */
    private String trainers(Engine used) {
        var names = new ArrayList<String>();
        workspace
                .all(Trainer.class)
                .forEach(
                        (name, trainer) ->
                                names.add(
                                        trainer.engine()
                                                .filter(engine -> engine != used)
                                                .map(e -> name + " (stays on " + e.name() + ")")
                                                .orElse(name)));
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** As the build wrote it for the command line. */
    private static String version() {
        var properties = new Properties();
        try (InputStream in = JaneMagic.class.getResourceAsStream("/jane/cli/version.properties")) {
            if (in == null) {
                return "of unknown version";
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("[%jane] cannot read version.properties", e);
        }
        return properties.getProperty("version", "of unknown version");
    }
}
