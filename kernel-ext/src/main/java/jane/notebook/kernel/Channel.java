package jane.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * A socket that requests come in by, served by one thread. The base library's own channels sleep
 * between looks; this one waits on the socket, so that a request is answered at once.
 */
final class Channel extends JupyterSocket {
    private static final Logger LOG = System.getLogger("jane.notebook.kernel");
    private static final long LOOK_MILLIS = 100;

    private final int port;
    private ZMQ.Poller poller; // of the serving thread

    /** Serves the requests of one channel. */
    interface Server {
        void serve(Channel channel, Message<?> request);

        boolean closed();
    }

    Channel(ZMQ.Context context, HMACGenerator hmac, String name, int port) {
        super(context, SocketType.ROUTER, hmac, java.util.logging.Logger.getLogger(name));
        this.port = port;
    }

    @Override
    public void bind(KernelConnectionProperties properties) {
        setLinger(1000);
        bind(formatAddress(properties.getTransport(), properties.getIp(), port));
    }

    /** Serves requests one after the other until the server is closed. */
    void run(Server server) {
        poller = ctx.poller(1);
        poller.register(this, ZMQ.Poller.POLLIN);
        while (!server.closed()) {
            if (poller.poll(LOOK_MILLIS) > 0) {
                next().ifPresent(request -> server.serve(this, request));
            }
        }
        poller.close();
    }

    /** The requests that have come in and were not served yet; for the thread that serves. */
    List<Message<?>> waiting() {
        List<Message<?>> waiting = new ArrayList<>();
        while (poller.poll(0) > 0) {
            next().ifPresent(waiting::add);
        }
        return waiting;
    }

    private Optional<Message<?>> next() {
        try {
            return Optional.of(readMessage());
        } catch (RuntimeException bad) {
            LOG.log(Level.WARNING, "request dropped: " + bad, bad);
            return Optional.empty();
        }
    }
}
