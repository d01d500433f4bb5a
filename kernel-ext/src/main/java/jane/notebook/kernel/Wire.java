package jane.notebook.kernel;

import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.KernelTimestamp;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Makes messages as the protocol wants them: the base library's own constructors leave out the
 * session where there is no parent, and cut dates to the minute.
 */
final class Wire {
    private static final String SESSION = UUID.randomUUID().toString();

    private Wire() {}

    /** A message to whoever sent {@code parent}. */
    static Message<Object> reply(Message<?> parent, MessageType<?> type, Object content) {
        return new Message<>(
                parent.getIdentities(), header(type), parent.getHeader(), null, content, null);
    }

    /** A message to all, caused by {@code parent}. */
    static Message<Object> publish(Message<?> parent, MessageType<?> type, Object content) {
        return new Message<>(List.of(), header(type), parent.getHeader(), null, content, null);
    }

    /** A message to all, caused by nobody. */
    static Message<Object> publish(MessageType<?> type, Object content) {
        return new Message<>(List.of(), header(type), null, null, content, null);
    }

    /**
     * The content's class is not the one the base library ties to the type; only its JSON counts.
     */
    @SuppressWarnings("unchecked")
    private static Header<Object> header(MessageType<?> type) {
        return new Header<>(
                UUID.randomUUID().toString(),
                Header.KERNEL_USERNAME,
                SESSION,
                new KernelTimestamp(Instant.now().toString()),
                (MessageType<Object>) type,
                Header.PROTOCOL_VERISON);
    }
}
