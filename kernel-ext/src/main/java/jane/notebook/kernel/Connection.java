package jane.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.io.PrintStream;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import org.zeromq.ZMQ;

/** The five sockets of a kernel, each owned by one thread, from bind to close. */
final class Connection implements Frontend {
    private static final long CLOSE_MILLIS = 2000;

    private final ZMQ.Context context = ZMQ.context(1);
    private final Channel shell;
    private final Channel control;
    private final Heartbeat heartbeat;
    private final IoPub iopub;
    private final Stdin stdin;

    Connection(KernelConnectionProperties properties)
            throws InvalidKeyException, NoSuchAlgorithmException {
        HMACGenerator hmac = properties.createHMACGenerator();
        shell = new Channel(context, hmac, "shell", properties.getShellPort());
        control = new Channel(context, hmac, "control", properties.getControlPort());
        heartbeat = new Heartbeat(context);
        iopub = new IoPub(context, hmac);
        stdin = new Stdin(context, properties.createHMACGenerator());
        heartbeat.bind(properties);
        iopub.bind(properties);
        stdin.bind(properties);
        control.bind(properties);
        shell.bind(properties);
        publish(MessageType.PUBLISH_STATUS, Map.of("execution_state", "starting"));
    }

    IoPub iopub() {
        return iopub;
    }

    Stdin stdin() {
        return stdin;
    }

    @Override
    public void publish(MessageType<?> type, Object content) {
        iopub.publish(type, content);
    }

    @Override
    public PrintStream stream(String name) {
        return iopub.stream(name);
    }

    @Override
    public String ask(String prompt, boolean password) throws InterruptedException {
        return stdin.ask(prompt, password);
    }

    /** Serves until a client asks for shutdown, then lets the last messages out and closes. */
    void serve(Requests requests) throws InterruptedException {
        Thread sender = start("iopub", iopub::run);
        List<Thread> threads =
                List.of(
                        start("control", () -> control.run(requests)),
                        start("stdin", () -> stdin.run(requests::closed)),
                        start("heartbeat", () -> heartbeat.run(requests::closed)),
                        start("shell", () -> shell.run(requests)));
        for (Thread thread : threads) {
            thread.join();
        }
        iopub.endAndDrain();
        sender.join(CLOSE_MILLIS);
        List.of(shell, control, heartbeat, iopub, stdin).forEach(socket -> socket.close());
        context.close();
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
