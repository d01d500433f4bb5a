package jane.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * What goes out to all: status, printed text, pictures, results. Any thread adds to a queue in
 * order; only the kernel's own threads send, since a socket does not survive an interrupt in the
 * middle of its work. Printed text is gathered for a moment, so that a loop of prints is few
 * messages.
 */
final class IoPub extends JupyterSocket {
    private static final long GATHER_MILLIS = 40;
    private static final int GATHER_BYTES = 64 * 1024;
    private static final int MAX_WAITING = 100;

    private final Object lock = new Object();
    private final Object sending = new Object(); // taken before lock, never after
    private final Queue<Message<?>> queue = new ArrayDeque<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private String textStream = "stdout";
    private Message<?> parent;
    private boolean closing;

    IoPub(ZMQ.Context context, HMACGenerator hmac) {
        super(context, SocketType.PUB, hmac, java.util.logging.Logger.getLogger("iopub"));
    }

    @Override
    public void bind(KernelConnectionProperties properties) {
        setLinger(1000);
        setSndHWM(0);
        bind(
                formatAddress(
                        properties.getTransport(), properties.getIp(), properties.getIopubPort()));
    }

    /** From now on, what is printed or shown belongs to {@code request}. */
    void attribute(Message<?> request) {
        synchronized (lock) {
            endText(true);
            parent = request;
        }
    }

    /** Sends {@code content} as caused by the running request. */
    void publish(MessageType<?> type, Object content) {
        Message<?> cause;
        synchronized (lock) {
            cause = parent;
        }
        sendMessage(
                cause == null ? Wire.publish(type, content) : Wire.publish(cause, type, content));
    }

    /** Queues a message behind all text printed so far. */
    @Override
    public void sendMessage(Message<?> message) {
        CellThread.shielded(
                () -> {
                    synchronized (lock) {
                        endText(true);
                        queue.add(message);
                        lock.notifyAll();
                        awaitRoom();
                    }
                    return message;
                });
    }

    /** Holds a flood back until the socket has caught up; not a cell that is to end. */
    private void awaitRoom() {
        while (queue.size() > MAX_WAITING && !closing && !CellThread.currentMustStop()) {
            waitFor(GATHER_MILLIS);
        }
    }

    private void waitFor(long millis) {
        try {
            lock.wait(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while printing", interrupted);
        }
    }

    /** A fresh stream onto {@code stdout} or {@code stderr}. */
    PrintStream stream(String name) {
        var bytes =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] b, int from, int length) {
                        print(name, b, from, length);
                    }
                };
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private void print(String name, byte[] bytes, int from, int length) {
        CellThread.shielded(
                () -> {
                    synchronized (lock) {
                        if (!name.equals(textStream)) {
                            endText(true);
                            textStream = name;
                        }
                        text.write(bytes, from, length);
                        if (text.size() > GATHER_BYTES) {
                            endText(false);
                            lock.notifyAll();
                            awaitRoom();
                        }
                    }
                    return name;
                });
    }

    /** Queues the gathered text; a character cut in half stays behind unless {@code all}. */
    private void endText(boolean all) {
        byte[] bytes = text.toByteArray();
        int end = all ? bytes.length : wholeCharacters(bytes);
        if (end == 0) {
            return;
        }
        text.reset();
        text.write(bytes, end, bytes.length - end);
        var printed = new String(bytes, 0, end, StandardCharsets.UTF_8);
        var content = Map.of("name", textStream, "text", printed);
        queue.add(
                parent == null
                        ? Wire.publish(MessageType.PUBLISH_STREAM, content)
                        : Wire.publish(parent, MessageType.PUBLISH_STREAM, content));
    }

    private static int wholeCharacters(byte[] bytes) {
        int start = bytes.length;
        for (int back = 1; back <= Math.min(4, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 0xff;
            if (b >= 0xc0) { // a lead byte: keep it back unless its character is complete
                int need = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return back >= need ? start : start - back;
            }
            if (b < 0x80) {
                return start;
            }
        }
        return start;
    }

    /** Sends what is queued as it comes, until {@link #endAndDrain}. */
    void run() {
        boolean last = false;
        while (!last) {
            synchronized (lock) {
                if (queue.isEmpty() && !closing) {
                    waitFor(GATHER_MILLIS);
                }
                if (queue.isEmpty()) {
                    endText(closing);
                }
                last = closing;
            }
            flush(); // nothing is added once all else has ended
        }
    }

    /** Sends what is queued at this moment, on the calling thread: never a cell's. */
    void flush() {
        synchronized (sending) {
            int count;
            synchronized (lock) {
                count = queue.size();
            }
            for (int i = 0; i < count; i++) {
                Message<?> next;
                synchronized (lock) {
                    next = queue.remove();
                    lock.notifyAll();
                }
                super.sendMessage(next);
            }
        }
    }

    /** Lets {@link #run} send what is queued and end. */
    void endAndDrain() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
    }
}
