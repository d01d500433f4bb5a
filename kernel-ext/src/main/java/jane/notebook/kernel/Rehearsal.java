package jane.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.request.CompleteRequest;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import io.github.spencerpark.jupyter.messages.request.InspectRequest;
import io.github.spencerpark.jupyter.messages.request.IsCompleteRequest;
import io.github.spencerpark.jupyter.messages.request.KernelInfoRequest;
import io.github.spencerpark.jupyter.messages.request.ShutdownRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * A kernel that is its own client for a moment: it starts, answers a few requests and ends. Run
 * with {@code -XX:ArchiveClassesAtExit}, so that later starts find all these classes in the
 * archive.
 */
public final class Rehearsal {
    private static final String KEY = "rehearsal";
    private static final int ANSWER_MILLIS = 30_000;
    private static final List<String> CELLS =
            List.of(
                    "1 + 1",
                    "int x = 3;\nSystem.out.println(x);\nx * 2",
                    "int twice(int a) {\n    return 2 * a;\n}\ntwice(x)",
                    "int[] squares = java.util.stream.IntStream.range(0, 5).map(i -> i *"
                            + " i).toArray();\n"
                            + "squares",
                    "Tensor.randn(2, 3).sum()",
                    "%tensor rehearsed = randn 4 4 seed=1",
                    "%tensor rehearsed",
                    "int wrong = \"text\";",
                    "record P(int a) {}\nnew P(twice(0) / 0)");

    private Rehearsal() {}

    /** Runs the rehearsal and ends the process, with status 1 if a request stays unanswered. */
    public static void main(String[] args) throws Exception {
        PrintStream err = System.err;
        try {
            rehearse();
            System.exit(0);
        } catch (RuntimeException | IOException failed) {
            err.println("rehearsal failed: " + failed);
            System.exit(1);
        }
    }

    private static void rehearse() throws Exception {
        Path file = Files.createTempFile("jane-rehearsal", ".json");
        try {
            KernelConnectionProperties properties = properties();
            Files.writeString(file, properties.toJsonString());
            var kernel = new Thread(() -> serve(file), "rehearsed kernel");
            kernel.start();
            request(properties);
            kernel.join();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void serve(Path file) {
        try {
            KernelMain.serve(file);
        } catch (Exception failed) {
            throw new IllegalStateException("rehearsed kernel failed", failed);
        }
    }

    private static KernelConnectionProperties properties() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sockets.add(new ServerSocket(0));
            ports.add(sockets.get(i).getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return new KernelConnectionProperties(
                "127.0.0.1",
                ports.get(0),
                ports.get(1),
                ports.get(2),
                ports.get(3),
                ports.get(4),
                "tcp",
                "hmac-sha256",
                KEY);
    }

    private static void request(KernelConnectionProperties properties) throws Exception {
        try (ZMQ.Context context = ZMQ.context(1);
                var shell = new Client(context, properties.createHMACGenerator())) {
            shell.bind(properties);
            shell.ask(MessageType.KERNEL_INFO_REQUEST, new KernelInfoRequest());
            for (String cell : CELLS) {
                shell.ask(
                        MessageType.EXECUTE_REQUEST,
                        new ExecuteRequest(cell, false, false, Map.of(), false, true));
            }
            String call = "\"abc\".toUpp";
            shell.ask(MessageType.COMPLETE_REQUEST, new CompleteRequest(call, call.length()));
            shell.ask(MessageType.INSPECT_REQUEST, new InspectRequest("Math.max", 8, 0));
            shell.ask(MessageType.IS_COMPLETE_REQUEST, new IsCompleteRequest("for (;;) {"));
            shell.ask(MessageType.SHUTDOWN_REQUEST, ShutdownRequest.SHUTDOWN);
        }
    }

    /** The client's end of the shell channel. */
    private static final class Client extends JupyterSocket {
        Client(ZMQ.Context context, HMACGenerator hmac) {
            super(
                    context,
                    SocketType.DEALER,
                    hmac,
                    java.util.logging.Logger.getLogger("rehearsal"));
        }

        @Override
        public void bind(KernelConnectionProperties to) {
            setLinger(0);
            connect(formatAddress(to.getTransport(), to.getIp(), to.getShellPort()));
        }

        <T> void ask(MessageType<T> type, T content) {
            sendMessage(new Message<>(new Header<>(UUID.randomUUID().toString(), type), content));
            ZMQ.Poller poller = ctx.poller(1);
            poller.register(this, ZMQ.Poller.POLLIN);
            if (poller.poll(ANSWER_MILLIS) == 0) {
                throw new IllegalStateException(
                        "no answer to " + type + " within " + ANSWER_MILLIS + " ms");
            }
            do {
                recv(); // only that there is an answer counts
            } while (hasReceiveMore());
            poller.close();
        }
    }
}
