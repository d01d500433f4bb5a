package jane.notebook.kernel;

import io.github.spencerpark.jupyter.messages.MessageType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A front end that only notes what it is sent. */
final class RecordingFrontend implements Frontend {
    final List<String> published = new ArrayList<>();

    @Override
    public synchronized void publish(MessageType<?> type, Object content) {
        published.add(type.getName());
    }

    @Override
    public PrintStream stream(String name) {
        return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }

    @Override
    public String ask(String prompt, boolean password) {
        return "answer to " + prompt;
    }
}
