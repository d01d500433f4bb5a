package jane.notebook.kernel;

import io.github.spencerpark.jupyter.messages.MessageType;
import java.io.PrintStream;

/** What the kernel needs of whoever is at the other end: a place to publish to, and answers. */
interface Frontend {
    /** Sends a message to all, as caused by the running request, behind what was printed before. */
    void publish(MessageType<?> type, Object content);

    /** A fresh stream onto {@code stdout} or {@code stderr}. */
    PrintStream stream(String name);

    /** Asks the person for a line. */
    String ask(String prompt, boolean password) throws InterruptedException;
}
