package jane.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import jane.ir.JaneException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** Asks the person at the notebook for a line of input. One thread owns the socket; cells wait. */
final class Stdin extends JupyterSocket {
    private static final long LOOK_MILLIS = 50;

    private final LinkedBlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private volatile Message<?> asker;

    private record Question(
            Message<?> asker, String prompt, boolean password, CompletableFuture<String> answer) {}

    Stdin(ZMQ.Context context, HMACGenerator hmac) {
        super(context, SocketType.ROUTER, hmac, java.util.logging.Logger.getLogger("stdin"));
    }

    @Override
    public void bind(KernelConnectionProperties properties) {
        setLinger(0);
        bind(
                formatAddress(
                        properties.getTransport(), properties.getIp(), properties.getStdinPort()));
    }

    /** From now on questions go to whoever sent {@code request}. */
    void allow(Message<?> request) {
        asker = request;
    }

    /** From now on nobody can be asked. */
    void forbid() {
        asker = null;
    }

    boolean allowed() {
        return asker != null;
    }

    /** Asks for a line and waits; ends early when the cell is interrupted. */
    String ask(String prompt, boolean password) throws InterruptedException {
        Message<?> to = asker;
        if (to == null) {
            throw new JaneException(
                    "input",
                    "nobody can be asked for \"%s\": this client takes no input (allow_stdin is"
                            + " false); need a notebook or console with a person at it",
                    prompt);
        }
        var question = new Question(to, prompt, password, new CompletableFuture<>());
        questions.add(question);
        try {
            return question.answer().get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("no input: " + failed.getCause(), failed);
        } finally {
            question.answer().cancel(false);
        }
    }

    void run(BooleanSupplier closed) {
        ZMQ.Poller poller = ctx.poller(1);
        poller.register(this, ZMQ.Poller.POLLIN);
        while (!closed.getAsBoolean()) {
            Question question;
            try {
                question = questions.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException closing) {
                break;
            }
            if (question != null) {
                serve(question, poller, closed);
            }
        }
        poller.close();
    }

    private void serve(Question question, ZMQ.Poller poller, BooleanSupplier closed) {
        while (poller.poll(0) > 0) {
            readMessage(); // answers to questions that were interrupted
        }
        var content = Map.of("prompt", question.prompt(), "password", question.password());
        sendMessage(Wire.reply(question.asker(), MessageType.INPUT_REQUEST, content));
        while (!question.answer().isDone() && !closed.getAsBoolean()) {
            if (poller.poll(LOOK_MILLIS) == 0) {
                continue;
            }
            try {
                if (readMessage().getContent() instanceof InputReply reply) {
                    question.answer().complete(reply.getValue());
                }
            } catch (RuntimeException bad) {
                question.answer().completeExceptionally(bad);
            }
        }
    }

    /** {@code System.in} of a cell: each line read is a question. */
    InputStream stream() {
        return new Answers();
    }

    private final class Answers extends InputStream {
        private byte[] line = new byte[0];
        private int at;

        @Override
        public int read() throws IOException {
            return fill() ? line[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, line.length - at);
            System.arraycopy(line, at, into, from, count);
            at += count;
            return count;
        }

        @Override
        public int available() {
            return line.length - at;
        }

        private boolean fill() throws IOException {
            if (at < line.length) {
                return true;
            }
            if (!allowed()) {
                return false;
            }
            try {
                line = (ask("", false) + "\n").getBytes(StandardCharsets.UTF_8);
                at = 0;
                return true;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("input was interrupted");
            }
        }
    }
}
