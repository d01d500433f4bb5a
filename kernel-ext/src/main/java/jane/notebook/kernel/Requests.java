package jane.notebook.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.DefaultReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager.ResultFlag;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.request.CommInfoRequest;
import io.github.spencerpark.jupyter.messages.request.CompleteRequest;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import io.github.spencerpark.jupyter.messages.request.InspectRequest;
import io.github.spencerpark.jupyter.messages.request.IsCompleteRequest;
import io.github.spencerpark.jupyter.messages.request.ShutdownRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers requests as the Jupyter protocol 5.3 says. The base library's own handlers leave out the
 * status of most replies, the payload, user expressions, silent runs and the abort of what is
 * queued behind an error; its messages and sockets are used, its handlers are not.
 */
final class Requests implements Channel.Server {
    private static final Gson GSON = new Gson();
    private static final int TAIL = 10;

    private final JaneKernel kernel;
    private final IoPub iopub;
    private final Stdin stdin;
    private final History history;
    private final Map<MessageType<?>, Handler> handlers = new HashMap<>();
    private int executionCount; // of the shell channel's thread
    private boolean aborting; // of the shell channel's thread
    private volatile boolean closed;

    /** Answers one kind of request. */
    private interface Handler {
        void handle(Channel channel, Message<?> request) throws Exception;
    }

    Requests(JaneKernel kernel, IoPub iopub, Stdin stdin, History history) {
        this.kernel = kernel;
        this.iopub = iopub;
        this.stdin = stdin;
        this.history = history;
        handlers.put(MessageType.KERNEL_INFO_REQUEST, this::kernelInfo);
        handlers.put(MessageType.EXECUTE_REQUEST, this::execute);
        handlers.put(MessageType.COMPLETE_REQUEST, this::complete);
        handlers.put(MessageType.INSPECT_REQUEST, this::inspect);
        handlers.put(MessageType.IS_COMPLETE_REQUEST, this::isComplete);
        handlers.put(MessageType.HISTORY_REQUEST, this::history);
        handlers.put(MessageType.INTERRUPT_REQUEST, this::interrupt);
        handlers.put(MessageType.SHUTDOWN_REQUEST, this::shutdown);
        handlers.put(MessageType.COMM_INFO_REQUEST, this::commInfo);
        handlers.put(MessageType.COMM_OPEN_COMMAND, this::comm);
        handlers.put(MessageType.COMM_MSG_COMMAND, this::comm);
        handlers.put(MessageType.COMM_CLOSE_COMMAND, this::comm);
    }

    @Override
    public void serve(Channel channel, Message<?> request) {
        Handler handler = handlers.get(request.getHeader().getType());
        if (handler == null) {
            return; // the protocol leaves unknown requests unanswered
        }
        status(request, "busy");
        try {
            handler.handle(channel, request);
        } catch (Exception | LinkageError failed) {
            CellFailure failure = ErrorReport.magic(failed);
            reply(channel, request, error(failure));
        } finally {
            status(request, "idle");
        }
    }

    @Override
    public boolean closed() {
        return closed;
    }

    /** Ends both channels' service. */
    void close() {
        closed = true;
        kernel.onShutdown(false);
    }

    private void status(Message<?> request, String state) {
        var content = Map.of("execution_state", state);
        iopub.sendMessage(Wire.publish(request, MessageType.PUBLISH_STATUS, content));
        iopub.flush();
    }

    private void reply(Channel channel, Message<?> request, Map<String, Object> content) {
        iopub.flush(); // what a request shows is out before its reply
        String name = request.getHeader().getType().getName().replace("_request", "_reply");
        channel.sendMessage(Wire.reply(request, MessageType.getType(name), content));
    }

    private static Map<String, Object> ok() {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("status", "ok");
        return content;
    }

    private static Map<String, Object> error(CellFailure failure) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("status", "error");
        content.putAll(errorContent(failure));
        return content;
    }

    private static Map<String, Object> errorContent(CellFailure failure) {
        return Map.of(
                "ename",
                failure.name(),
                "evalue",
                failure.getMessage(),
                "traceback",
                failure.lines());
    }

    private void kernelInfo(Channel channel, Message<?> request) {
        Map<String, Object> content = ok();
        content.put("protocol_version", Header.PROTOCOL_VERISON);
        content.put("implementation", "jane");
        content.put("implementation_version", KernelMain.version());
        content.put("language_info", kernel.getLanguageInfo());
        content.put("banner", kernel.getBanner());
        content.put("debugger", false);
        content.put("help_links", kernel.getHelpLinks());
        reply(channel, request, content);
    }

    private void execute(Channel channel, Message<?> request) {
        ExecuteRequest run = (ExecuteRequest) request.getContent();
        boolean stored = run.shouldStoreHistory() && !run.isSilent();
        if (aborting) {
            Map<String, Object> content = error(CellFailure.aborted());
            content.put("status", "aborted");
            content.put("execution_count", executionCount);
            reply(channel, request, content);
            return;
        }
        if (stored) {
            executionCount++;
        }
        iopub.attribute(request);
        System.setOut(iopub.stream("stdout")); // anew: a stopped thread can leave a stream unusable
        System.setErr(iopub.stream("stderr"));
        if (!run.isSilent()) {
            iopub.publish(
                    MessageType.PUBLISH_EXECUTE_INPUT,
                    new PublishExecuteInput(run.getCode(), executionCount));
        }
        if (run.isStdinEnabled()) {
            stdin.allow(request);
        }
        Map<String, Object> content = run(run, stored);
        stdin.forbid();
        content.put("execution_count", executionCount);
        boolean abort = run.shouldStopOnError() && !content.get("status").equals("ok");
        List<Message<?>> queued = abort ? channel.waiting() : List.of();
        reply(channel, request, content);
        aborting = abort;
        queued.forEach(behind -> serve(channel, behind));
        aborting = false;
    }

    /** Runs the cell, publishes what it ends in, and gives the reply's content. */
    private Map<String, Object> run(ExecuteRequest run, boolean stored) {
        String output = "";
        try {
            var cell = new CellSource("cell [" + executionCount + "]", run.getCode());
            Optional<DisplayData> shown = kernel.runCell(cell);
            if (shown.isPresent() && !run.isSilent()) {
                publishResult(shown.get());
            }
            output = shown.map(Requests::text).orElse("");
            Map<String, Object> content = ok();
            content.put("payload", kernel.takePayload());
            content.put("user_expressions", userExpressions(run));
            return content;
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError failed) {
            CellFailure failure = ErrorReport.magic(failed);
            kernel.takePayload();
            if (!run.isSilent()) {
                iopub.publish(MessageType.PUBLISH_ERROR, errorContent(failure));
            }
            return error(failure);
        } finally {
            if (stored) {
                history.add(executionCount, run.getCode(), output);
            }
        }
    }

    private void publishResult(DisplayData shown) {
        JsonObject content = GSON.toJsonTree(shown).getAsJsonObject();
        content.addProperty("execution_count", executionCount);
        iopub.publish(MessageType.PUBLISH_EXECUTION_RESULT, content);
    }

    private static String text(DisplayData data) {
        Object text = data.getData(MIMEType.TEXT_PLAIN);
        return text == null ? "" : text.toString();
    }

    private Map<String, Object> userExpressions(ExecuteRequest run) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (run.getUserExpr() == null) {
            return values;
        }
        run.getUserExpr()
                .forEach(
                        (name, code) -> {
                            try {
                                var cell = new CellSource("expression " + name, code);
                                values.put(name, bundle(kernel.runCell(cell)));
                            } catch (Exception failed) {
                                values.put(name, error(ErrorReport.magic(failed)));
                            }
                        });
        return values;
    }

    private static JsonObject bundle(Optional<DisplayData> shown) {
        JsonObject content = GSON.toJsonTree(shown.orElse(DisplayData.EMPTY)).getAsJsonObject();
        content.addProperty("status", "ok");
        return content;
    }

    private void complete(Channel channel, Message<?> request) {
        CompleteRequest asked = (CompleteRequest) request.getContent();
        int cursor = CodePoints.toUtf16(asked.getCode(), asked.getCursorPos());
        ReplacementOptions options = kernel.complete(asked.getCode(), cursor);
        Map<String, Object> content = ok();
        content.put("matches", options.getReplacements());
        content.put(
                "cursor_start", CodePoints.fromUtf16(asked.getCode(), options.getSourceStart()));
        content.put("cursor_end", CodePoints.fromUtf16(asked.getCode(), options.getSourceEnd()));
        content.put("metadata", Map.of());
        reply(channel, request, content);
    }

    private void inspect(Channel channel, Message<?> request) {
        InspectRequest asked = (InspectRequest) request.getContent();
        int cursor = CodePoints.toUtf16(asked.getCode(), asked.getCursorPos());
        DisplayData found = kernel.inspect(asked.getCode(), cursor, asked.getDetailLevel() > 0);
        Map<String, Object> content = ok();
        content.put("found", found != null);
        content.put("data", found == null ? Map.of() : Map.of("text/plain", text(found)));
        content.put("metadata", Map.of());
        reply(channel, request, content);
    }

    private void isComplete(Channel channel, Message<?> request) {
        IsCompleteRequest asked = (IsCompleteRequest) request.getContent();
        String answer = kernel.isComplete(asked.getCode());
        Map<String, Object> content = new LinkedHashMap<>();
        boolean whole = answer.equals(Completeness.COMPLETE) || answer.equals(Completeness.INVALID);
        content.put("status", whole ? answer : "incomplete");
        content.put("indent", whole ? "" : answer);
        reply(channel, request, content);
    }

    private void history(Channel channel, Message<?> request) {
        HistoryRequest asked = (HistoryRequest) request.getContent();
        Set<ResultFlag> flags = EnumSet.noneOf(ResultFlag.class);
        if (asked.includeOutput()) {
            flags.add(ResultFlag.INCLUDE_OUTPUT);
        }
        List<HistoryEntry> found;
        if (asked instanceof HistoryRequest.Range range) {
            found =
                    history.lookupRange(
                            range.getSessionIndex(), range.getStart(), range.getStop(), flags);
        } else if (asked instanceof HistoryRequest.Search search) {
            if (search.filterUnique()) {
                flags.add(ResultFlag.UNIQUE);
            }
            String pattern = search.getPattern() == null ? "*" : search.getPattern();
            found = history.search(pattern, search.getMaxReturnLength(), flags);
        } else {
            int length = ((HistoryRequest.Tail) asked).getMaxReturnLength();
            found = history.lookupTail(length <= 0 ? TAIL : length, flags);
        }
        List<List<Object>> rows = new ArrayList<>();
        for (HistoryEntry entry : found) {
            Object text =
                    entry.hasOutput()
                            ? List.of(entry.getInput(), entry.getOutput())
                            : entry.getInput();
            rows.add(List.of(entry.getSession(), entry.getCellNumber(), text));
        }
        Map<String, Object> content = ok();
        content.put("history", rows);
        reply(channel, request, content);
    }

    private void interrupt(Channel channel, Message<?> request) {
        kernel.interrupt();
        reply(channel, request, ok());
    }

    private void shutdown(Channel channel, Message<?> request) {
        Map<String, Object> content = ok();
        content.put("restart", ((ShutdownRequest) request.getContent()).isRestart());
        reply(channel, request, content);
        close();
    }

    private void commInfo(Channel channel, Message<?> request) {
        String target = ((CommInfoRequest) request.getContent()).getTargetName();
        Map<String, Object> comms = new LinkedHashMap<>();
        kernel.getCommManager()
                .forEach(
                        comm -> {
                            if (target == null || target.equals(comm.getTargetName())) {
                                comms.put(
                                        comm.getID(), Map.of("target_name", comm.getTargetName()));
                            }
                        });
        Map<String, Object> content = ok();
        content.put("comms", comms);
        reply(channel, request, content);
    }

    /**
     * The base library's manager does the rest; it publishes a second busy and idle, which is
     * harmless.
     */
    @SuppressWarnings("unchecked")
    private void comm(Channel channel, Message<?> request) {
        var comms = kernel.getCommManager();
        var env = new DefaultReplyEnvironment(channel, iopub, request);
        comms.setMessageContext(request);
        if (request.getContent() instanceof CommOpenCommand) {
            comms.handleCommOpenCommand(env, (Message<CommOpenCommand>) request);
        } else if (request.getContent() instanceof CommMsgCommand) {
            comms.handleCommMsgCommand(env, (Message<CommMsgCommand>) request);
        } else {
            comms.handleCommCloseCommand(env, (Message<CommCloseCommand>) request);
        }
        env.resolveDeferrals();
    }
}
