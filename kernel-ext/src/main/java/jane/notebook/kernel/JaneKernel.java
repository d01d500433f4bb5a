package jane.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.MessageType;
import jane.ir.JaneException;
import jane.notebook.Magics;
import jane.notebook.Renderers;
import jane.notebook.Workspace;
import jane.notebook.magic.MagicRegistry;
import jane.notebook.magics.TimeMagic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The kernel: runs cells of Java and magics, shows values, completes, explains, stops. It is the
 * seam between a notebook and what a magic needs of it: showing and updating output, evaluating
 * Java, variables by name, interrupts.
 */
public final class JaneKernel extends BaseKernel {
    private final Frontend frontend;
    private final SnippetControl control = new SnippetControl(new SnippetLoader());
    private final CellRunner runner = new CellRunner(control);
    private final MagicRegistry magics = new MagicRegistry();
    private final KernelNotebook notebook = new KernelNotebook(this);
    private final Workspace workspace = new Workspace();
    private final CompletableFuture<JavaSession> session;
    private final List<Map<String, Object>> payload = new ArrayList<>();

    /**
     * Starts the session in the background: the first cell waits for it, the handshake does not.
     *
     * @param startup Java that runs before the first cell, the imports
     */
    JaneKernel(Frontend frontend, Startup startup) {
        this.frontend = frontend;
        magics.register(new TimeMagic(java -> Optional.ofNullable(evalRaw(java))));
        Magics.register(magics, notebook, workspace);
        Kernel.use(this);
        session = new CompletableFuture<>();
        new Thread(() -> start(startup), "session start").start();
    }

    private void start(Startup startup) {
        try {
            var java = new JavaSession(control);
            startup.run(java);
            session.complete(java);
        } catch (RuntimeException | Error unusable) {
            session.completeExceptionally(unusable);
        }
    }

    private JavaSession session() {
        try {
            return session.join();
        } catch (CompletionException failed) {
            throw new JaneException(
                    failed.getCause(),
                    "kernel",
                    "Java cannot be evaluated: %s; need a JDK (with the module jdk.jshell), this is"
                            + " %s",
                    failed.getCause(),
                    System.getProperty("java.home"));
        }
    }

    // Cells

    /** What a finished cell shows. */
    Optional<DisplayData> runCell(CellSource cell) throws Exception {
        JavaSession java = session();
        Object shown = runner.run(() -> evaluate(java, cell));
        return ((Optional<?>) shown).map(DisplayData.class::cast);
    }

    private Optional<DisplayData> evaluate(JavaSession java, CellSource cell) throws CellFailure {
        try {
            return new CellEvaluator(java, magics).run(cell).map(this::render);
        } finally {
            keepValues(java, cell);
        }
    }

    /** Gives back what JShell set to null where it is kept by name, and says what is lost. */
    private void keepValues(JavaSession java, CellSource cell) {
        List<String> lost = new ArrayList<>(java.takeReset());
        try {
            lost.removeAll(workspace.remember(notebook, cell.text()));
        } catch (JaneException refused) {
            System.err.println("note: " + refused.getMessage());
        }
        if (!lost.isEmpty()) {
            System.err.println(
                    "note: set back to null, for what they are made of changed: " + lost);
        }
    }

    /** Runs a cell's text, magics too, on the calling thread. Null if there is nothing to show. */
    @Override
    public DisplayData eval(String cell) throws Exception {
        var source = new CellSource("evaluated code", cell);
        return new CellEvaluator(session(), magics).run(source).map(this::render).orElse(null);
    }

    /**
     * Evaluates Java in the session, inside a running cell as well, and gives the value as an
     * object; null if there is none. Named and shaped as in other Java kernels.
     */
    public Object evalRaw(String java) throws Exception {
        var source = new CellSource("evaluated code", java);
        return session().run(new JavaSession.Piece(source, java, 0)).orElse(null);
    }

    /** Runs {@code %name words}, for a magic that stands inside a loop or a method. */
    Object magic(String name, String words) throws Exception {
        return new CellEvaluator(session(), magics).line(name, words).orElse(null);
    }

    /** The magics that cells may use; add to it. */
    public MagicRegistry magics() {
        return magics;
    }

    // Variables

    /** The value of a session variable; empty if it does not exist or is null. */
    public Optional<Object> variable(String name) {
        return session().variable(name);
    }

    /** Whether a session variable of that name exists, null or not. */
    public boolean declares(String name) {
        return session().declares(name);
    }

    /** The names of the session's variables. */
    public List<String> variableNames() {
        return session().variableNames();
    }

    /** Sets a session variable, declaring it with the value's own type if need be. */
    public void define(String name, Object value) throws Exception {
        session().define(TypeNames.of(value), name, value);
    }

    /** Sets a session variable of the given type, declaring it if need be. */
    public void define(String type, String name, Object value) throws Exception {
        session().define(type, name, value);
    }

    /** Puts jars or folders on the session's class path. */
    public void addToClassPath(String path) {
        session().addToClassPath(path);
    }

    // Output

    /** The value as a bundle, by the renderer registered for it. */
    public DisplayData render(Object value) {
        int shield = CellThread.enterUserCode();
        try {
            return Renderers.render(value)
                    .map(
                            shown ->
                                    Values.bundle(
                                            KernelNotebook.data(shown),
                                            KernelNotebook.metadata(shown)))
                    .orElseGet(() -> Values.render(renderer, value));
        } finally {
            CellThread.leaveUserCode(shield);
        }
    }

    @Override
    public void display(DisplayData data) {
        frontend.publish(MessageType.PUBLISH_DISPLAY_DATA, data);
    }

    /**
     * Shows a bundle, given as MIME type to content; {@code metadata} as {@code image/png → alt}.
     */
    public void display(Map<String, Object> data, Map<String, Object> metadata) {
        display(Values.bundle(data, metadata));
    }

    /** Shows a bundle that can be replaced later by the id this returns. */
    public String displayWithId(Map<String, Object> data, Map<String, Object> metadata) {
        String id = UUID.randomUUID().toString();
        DisplayData bundle = Values.bundle(data, metadata);
        bundle.setDisplayId(id);
        display(bundle);
        return id;
    }

    /** Replaces what was shown under {@code id}. */
    public void updateDisplay(String id, Map<String, Object> data, Map<String, Object> metadata) {
        DisplayData bundle = Values.bundle(data, metadata);
        bundle.setDisplayId(id);
        frontend.publish(MessageType.PUBLISH_UPDATE_DISPLAY_DATA, bundle);
    }

    /** Clears the cell's output, at once or when new output comes. */
    public void clearOutput(boolean whenNewComes) {
        frontend.publish(MessageType.PUBLISH_CLEAR_OUTPUT, Map.of("wait", whenNewComes));
    }

    /** Shows text in the pager, beside the notebook, when the cell ends. */
    public void page(String text) {
        synchronized (payload) {
            payload.add(Map.of("source", "page", "data", Map.of("text/plain", text), "start", 0));
        }
    }

    /** What cells asked to be paged since the last call. */
    List<Map<String, Object>> takePayload() {
        synchronized (payload) {
            List<Map<String, Object>> taken = List.copyOf(payload);
            payload.clear();
            return taken;
        }
    }

    // Input and interrupts

    /** Asks the person at the notebook for a line. */
    public String input(String prompt, boolean password) throws InterruptedException {
        return frontend.ask(prompt, password);
    }

    /** Whether the running cell was asked to end. */
    public boolean interrupted() {
        return runner.interrupted();
    }

    /** Has {@code hook} asked first when the running cell is interrupted. */
    public InterruptHook.Registration onInterrupt(InterruptHook hook) {
        return runner.onInterrupt(hook);
    }

    /** Interrupts the running cell. Returns at once. */
    @Override
    public void interrupt() {
        runner.interrupt();
    }

    // Help

    @Override
    public ReplacementOptions complete(String code, int at) {
        return new Completer(session().analysis(), magics).complete(code, at);
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return new Inspector(session(), magics)
                .inspect(code, at)
                .map(DisplayData::new)
                .orElse(null);
    }

    @Override
    public String isComplete(String code) {
        return new Completeness(session().analysis()).of(code);
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return new LanguageInfo.Builder("java")
                .version(Runtime.version().toString())
                .mimetype("text/x-java-source")
                .fileExtension(".jshell")
                .pygments("java")
                .codemirror("java")
                .exporter("script")
                .build();
    }

    @Override
    public String getBanner() {
        return "Java (Jane) on Java "
                + Runtime.version()
                + ", "
                + System.getProperty("java.vendor");
    }

    @Override
    public List<LanguageInfo.Help> getHelpLinks() {
        int feature = Runtime.version().feature();
        String api = "https://docs.oracle.com/en/java/javase/" + feature + "/docs/api/";
        return List.of(new LanguageInfo.Help("Java " + feature + " API", api));
    }

    @Override
    public void onShutdown(boolean isRestarting) {
        runner.abandon();
    }

    /** Whether the session has started; for tests and for the archive run. */
    void awaitSession() {
        session();
    }
}
