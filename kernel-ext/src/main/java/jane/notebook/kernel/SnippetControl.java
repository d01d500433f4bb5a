package jane.notebook.kernel;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import jdk.jshell.execution.LocalExecutionControl;

/**
 * Runs JShell's snippets in this process, on the thread that evaluates them, and keeps the last
 * value and the last exception as objects: JShell itself hands on only their text.
 *
 * <p>From Java 21 on the base class writes a stop check into each loop and method of a snippet. Its
 * own {@code stop} loses track of the thread after a nested evaluation, so the thread is {@link
 * CellRunner}'s to track and only the flag behind those checks is the base's. Reflection is how
 * JShell calls a snippet.
 */
final class SnippetControl extends LocalExecutionControl {
    private final SnippetLoader loader;
    private Object lastValue;
    private Throwable lastThrown;
    private VariableAccess access = VariableAccess.READ;
    private Object variable;
    private boolean written;

    /** What {@link #varValue} does with the field it is given. */
    private enum VariableAccess {
        READ,
        WRITE
    }

    SnippetControl(SnippetLoader loader) {
        super(loader);
        this.loader = loader;
    }

    ClassLoader loader() {
        return loader.classLoader();
    }

    /** Takes back an earlier stop, before a cell starts. */
    void allowLoops() throws Exception {
        super.clientCodeEnter();
        Method nothing = SnippetControl.class.getDeclaredMethod("nothing");
        nothing.setAccessible(true);
        super.invoke(nothing);
    }

    /** What the base class runs when all that is wanted is that it resets its stop flag. */
    static void nothing() {}

    /** Makes every loop of snippet code throw, on Java 21 and later. */
    void stopLoops() {
        try {
            super.stop();
        } catch (EngineTerminationException | InternalException unusable) {
            throw new IllegalStateException("stop flag cannot be set", unusable);
        }
    }

    /** The base would refuse to stop between two nested evaluations; the runner knows better. */
    @Override
    protected void clientCodeLeave() {
        // stays "entered"
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        lastThrown = null;
        int shield = CellThread.enterUserCode();
        try {
            lastValue = snippet.invoke(null);
            return "";
        } catch (InvocationTargetException thrown) {
            lastThrown = thrown.getCause();
            if (CellThread.currentMustStop()) {
                throw new StoppedException();
            }
            throw thrown;
        } finally {
            CellThread.leaveUserCode(shield);
        }
    }

    /** The value of the last snippet that ran, handed out once. */
    Object takeValue() {
        Object value = lastValue;
        lastValue = null;
        return value;
    }

    /** What the last snippet threw, handed out once. */
    Optional<Throwable> takeThrown() {
        Optional<Throwable> thrown = Optional.ofNullable(lastThrown);
        lastThrown = null;
        return thrown;
    }

    /** Readies the next {@link #varValue} to write; the caller asks JShell for the value then. */
    void writeNext(Object value) {
        access = VariableAccess.WRITE;
        variable = value;
        written = false;
    }

    /** Whether the last {@link #writeNext} took place: the variable's class accepts the value. */
    boolean takeWritten() {
        return written;
    }

    /** What the last {@link #varValue} read. */
    Object takeVariable() {
        Object value = variable;
        variable = null;
        return value;
    }

    @Override
    public String varValue(String className, String name)
            throws RunException, EngineTerminationException, InternalException {
        VariableAccess wanted = access;
        access = VariableAccess.READ;
        try {
            Field field = findClass(className).getDeclaredField(name);
            field.setAccessible(true);
            if (wanted == VariableAccess.WRITE) {
                field.set(null, takeVariable());
                written = true;
            } else {
                variable = field.get(null);
            }
            return "";
        } catch (ReflectiveOperationException | IllegalArgumentException unusable) {
            throw new InternalException(unusable.toString());
        }
    }
}
