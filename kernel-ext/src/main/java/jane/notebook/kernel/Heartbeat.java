package jane.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.util.function.BooleanSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** Echoes what it is sent, so that the client knows the kernel lives. */
final class Heartbeat extends JupyterSocket {
    private static final int LOOK_MILLIS = 200;

    Heartbeat(ZMQ.Context context) {
        super(
                context,
                SocketType.REP,
                HMACGenerator.NO_AUTH_INSTANCE,
                java.util.logging.Logger.getLogger("heartbeat"));
    }

    @Override
    public void bind(KernelConnectionProperties properties) {
        setLinger(0);
        setReceiveTimeOut(LOOK_MILLIS);
        bind(formatAddress(properties.getTransport(), properties.getIp(), properties.getHbPort()));
    }

    void run(BooleanSupplier closed) {
        while (!closed.getAsBoolean()) {
            byte[] beat = recv();
            if (beat != null) {
                send(beat);
            }
        }
    }
}
