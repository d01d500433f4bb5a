package jane.notebook.host;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What a front end got from one cell, in the words of Jupyter's protocol. */
final class Ran {
    private record Message(String kind, JsonObject content) {}

    private final List<Message> messages = new ArrayList<>();

    /** A host sent {@code content}, of its own class. */
    synchronized void add(Object content) {
        var kind = content.getClass().getSimpleName();
        messages.add(new Message(kind, new Gson().toJsonTree(content).getAsJsonObject()));
        notifyAll();
    }

    /** Waits until the cell has shown something; its thread is another. */
    synchronized void awaitDisplay() throws InterruptedException {
        while (displays().isEmpty()) {
            wait(60_000);
        }
    }

    private synchronized List<JsonObject> of(String kind) {
        return messages.stream().filter(m -> m.kind().equals(kind)).map(Message::content).toList();
    }

    List<JsonObject> displays() {
        return of("PublishDisplayData");
    }

    List<JsonObject> updates() {
        return of("PublishUpdateDisplayData");
    }

    List<JsonObject> results() {
        return of("PublishExecuteResult");
    }

    /** The error's lines as the host prints them, without colours; empty if there is none. */
    List<String> error() {
        return of("PublishError").stream()
                .flatMap(
                        e ->
                                StreamSupport.stream(
                                        e.getAsJsonArray("traceback").spliterator(), false))
                .map(line -> line.getAsString().replaceAll("\u001B\\[[\\d;]*m", ""))
                .filter(line -> !line.matches("-*"))
                .toList();
    }

    /** All that the cell printed. */
    String printed() {
        return of("PublishStream").stream()
                .map(s -> s.get("text").getAsString())
                .collect(Collectors.joining());
    }

    static String text(JsonObject bundle) {
        return bundle.getAsJsonObject("data").get("text/plain").getAsString();
    }

    static String id(JsonObject bundle) {
        return bundle.getAsJsonObject("transient").get("display_id").getAsString();
    }
}
