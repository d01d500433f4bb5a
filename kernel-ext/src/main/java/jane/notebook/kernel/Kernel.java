package jane.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The running kernel, as code in a cell reaches it: {@code display(x)}, {@code Kernel.input("name?
 * ")}. The one place of the notebook that is static, because a cell has nothing else to start from.
 */
public final class Kernel {
    private static final AtomicReference<JaneKernel> CURRENT = new AtomicReference<>();
    private static final AtomicReference<Object> HANDED = new AtomicReference<>();

    private Kernel() {}

    static void use(JaneKernel kernel) {
        CURRENT.set(kernel);
    }

    /**
     * The kernel that runs this cell.
     *
     * @throws IllegalStateException outside a notebook
     */
    public static JaneKernel current() {
        JaneKernel kernel = CURRENT.get();
        if (kernel == null) {
            throw new IllegalStateException("no kernel runs in this process; need a notebook cell");
        }
        return kernel;
    }

    /** Shows a value below the cell, before the cell ends. */
    public static void display(Object value) {
        current().display(current().render(value));
    }

    /** Shows content of a MIME type, as {@code display("text/html", "<b>bold</b>")}. */
    public static void display(String mimeType, Object content) {
        current().display(Map.of(mimeType, content), Map.of());
    }

    /** Shows a bundle. */
    public static void display(DisplayData data) {
        current().display(data);
    }

    /** Clears the cell's output, at once or when new output comes. */
    public static void clearOutput(boolean whenNewComes) {
        current().clearOutput(whenNewComes);
    }

    /** Shows text in the pager when the cell ends. */
    public static void page(String text) {
        current().page(text);
    }

    /** Asks the person at the notebook for a line. */
    public static String input(String prompt) throws InterruptedException {
        return current().input(prompt, false);
    }

    /** Asks for a line that is not shown while typed. */
    public static String password(String prompt) throws InterruptedException {
        return current().input(prompt, true);
    }

    /** Evaluates Java in the session; null if it has no value. */
    public static Object evalRaw(String java) throws Exception {
        return current().evalRaw(java);
    }

    /** Runs a line magic; what the kernel makes of {@code %name words} inside brackets. */
    public static Object magic(String name, String words) throws Exception {
        return current().magic(name, words);
    }

    /** Leaves a value for the generated assignment that follows. */
    static void hand(Object value) {
        HANDED.set(value);
    }

    /** Takes the value left for a generated assignment. */
    public static Object take() {
        return HANDED.getAndSet(null);
    }
}
