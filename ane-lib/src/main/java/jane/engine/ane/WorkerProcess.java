package jane.engine.ane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A worker process, and the conversation with it. */
final class WorkerProcess {
    private static final int TAIL = 1_000;
    private static final long LOOK_MILLIS = 50;

    /** An answer that comes within this time of an interrupt is taken: to end a worker is dear. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final WorkerSettings settings;
    private final SharedMemory memory;
    private final ScheduledExecutorService watch;
    private final Channel channel;
    private final Process process;
    private ScheduledFuture<?> alarm;
    private volatile String reason = ""; // why the process was ended

    WorkerProcess(
            WorkerSettings settings,
            SharedMemory memory,
            Path programs,
            ScheduledExecutorService watch) {
        this.settings = settings;
        this.memory = memory;
        this.watch = watch;
        var builder =
                new ProcessBuilder(settings.command(memory.folder(), programs))
                        .redirectError(memory.folder().resolve("worker.log").toFile());
        try {
            Channel.reset(memory.control()); // before the process looks at it
            process = builder.start();
        } catch (IOException e) {
            throw new AneException(AneStatus.WORKER, "starting the worker process: " + e);
        }
        channel =
                Channel.owner(
                        memory.control(), process.getInputStream(), process.getOutputStream());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /**
     * Asks and waits.
     *
     * @param doing what to say was under way if the process ends
     * @return the answer, at its first byte
     */
    ByteBuffer ask(String doing, Consumer<ByteBuffer> message) {
        message.accept(channel.body());
        boolean answered;
        try {
            channel.send();
            answered = channel.receive(this::setAlarm);
        } catch (IOException e) { // a pipe to a process that is gone
            answered = false;
        } finally {
            endAlarm();
        }
        if (!answered) {
            throw gone(doing);
        }
        var body = channel.body();
        int status = body.getInt();
        if (status != 0) {
            throw new AneException(AneStatus.values()[status], Channel.text(body));
        }
        return body;
    }

    private void setAlarm() {
        alarm =
                watch.scheduleWithFixedDelay(
                        new Alarm(), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Ends the process if its answer takes too long. Who waits for it reads a pipe, which an
     * interrupt does not end.
     */
    private final class Alarm implements Runnable {
        private final Thread waiting = Thread.currentThread();
        private final long begun = System.nanoTime();
        private long interrupted; // when it was seen; 0 before

        @Override
        public void run() {
            if (millisSince(begun) >= settings.timeout().toMillis()) {
                end("hung for " + settings.timeout().toMillis() + " ms");
            } else if (interrupted != 0) {
                if (millisSince(interrupted) >= PATIENCE_MILLIS) {
                    end("gave no answer for " + PATIENCE_MILLIS + " ms after an interrupt");
                }
            } else if (waiting.isInterrupted()) {
                interrupted = System.nanoTime();
            }
        }

        private static long millisSince(long nanos) {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        }

        private void end(String why) {
            reason = why;
            process.destroyForcibly();
        }
    }

    private void endAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private AneException gone(String doing) {
        process.destroyForcibly();
        int code = process.onExit().join().exitValue();
        var how = reason.isEmpty() ? "ended (" + explain(code) + ")" : reason;
        return new AneException(
                AneStatus.WORKER, "the worker process " + how + " while " + doing + tail());
    }

    private static String explain(int code) {
        return switch (code) {
            case 3 -> "exit 3: Java's heap is full"; // by -XX:+ExitOnOutOfMemoryError
            case 137 -> "exit 137: killed, as the system does when memory runs out";
            case 134 -> "exit 134: aborted";
            case 139 -> "exit 139: wrong memory access";
            default -> "exit " + code;
        };
    }

    private String tail() {
        try {
            var log = memory.folder().resolve("worker.log");
            var text =
                    new String(
                                    Undisturbed.get(() -> Files.readAllBytes(log)),
                                    StandardCharsets.UTF_8)
                            .strip();
            var end = text.substring(Math.max(0, text.length() - TAIL));
            return end.isEmpty() ? "" : ", after saying: " + end;
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends the process at once. */
    void end() {
        process.destroyForcibly();
    }

    /** Ends the process: it goes when its pipe closes, and is ended if it does not. */
    void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
