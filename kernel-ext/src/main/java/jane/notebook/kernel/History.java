package jane.notebook.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cells that ran, in this session and, through a file, in earlier ones. One JSON object a line;
 * several kernels may append to the file at once. A file that cannot be used costs the memory of
 * earlier sessions and nothing else.
 */
final class History implements HistoryManager {
    private static final int KEPT = 5_000;

    private final List<HistoryEntry> entries = new ArrayList<>();
    private final Optional<Path> file;
    private final int session;

    /** How an entry stands in the file. */
    private record Line(int session, int cell, String input, String output) {}

    History(Optional<Path> file) {
        this.file = file;
        file.ifPresent(this::read);
        int last = entries.stream().mapToInt(HistoryEntry::getSession).max().orElse(0);
        this.session = last + 1;
    }

    private void read(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        Gson gson = new Gson();
        List<HistoryEntry> all = new ArrayList<>();
        try (Stream<String> lines = Files.lines(path)) {
            lines.forEach(text -> parse(gson, text).ifPresent(all::add));
        } catch (IOException | UncheckedIOException unreadable) {
            System.getLogger("jane.notebook.kernel")
                    .log(Level.WARNING, "history not read: " + path + ": " + unreadable);
        }
        entries.addAll(all.subList(Math.max(0, all.size() - KEPT), all.size()));
    }

    private static Optional<HistoryEntry> parse(Gson gson, String text) {
        try {
            Line line = gson.fromJson(text, Line.class);
            return line == null || line.input() == null
                    ? Optional.empty()
                    : Optional.of(
                            new HistoryEntry(
                                    line.session(), line.cell(), line.input(), line.output()));
        } catch (JsonSyntaxException halfWritten) {
            return Optional.empty(); // a kernel was killed in the middle of a line
        }
    }

    /** Adds a cell; {@code output} is the text of its value, or empty. */
    synchronized void add(int cell, String input, String output) {
        entries.add(new HistoryEntry(session, cell, input, output));
        file.ifPresent(path -> append(path, new Line(session, cell, input, output)));
    }

    private static void append(Path path, Line line) {
        byte[] text = (new Gson().toJson(line) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(path.getParent());
            try (var channel =
                    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                channel.lock(); // until the channel closes
                channel.write(ByteBuffer.wrap(text));
            }
        } catch (IOException unwritable) {
            System.getLogger("jane.notebook.kernel")
                    .log(Level.DEBUG, "history not written: " + path + ": " + unwritable);
        }
    }

    @Override
    public synchronized List<HistoryEntry> lookupTail(int length, Set<ResultFlag> flags) {
        return answer(last(entries, length), flags);
    }

    @Override
    public synchronized List<HistoryEntry> lookupRange(
            int sessionOrOffset, int start, int stop, Set<ResultFlag> flags) {
        int wanted = sessionOrOffset > 0 ? sessionOrOffset : session + sessionOrOffset;
        List<HistoryEntry> found =
                entries.stream()
                        .filter(entry -> entry.getSession() == wanted)
                        .filter(entry -> entry.getCellNumber() >= start)
                        .filter(entry -> stop <= 0 || entry.getCellNumber() < stop)
                        .toList();
        return answer(found, flags);
    }

    @Override
    public synchronized List<HistoryEntry> search(String glob, int length, Set<ResultFlag> flags) {
        Pattern pattern = Pattern.compile(regex(glob), Pattern.DOTALL);
        List<HistoryEntry> found = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            if (pattern.matcher(entry.getInput()).matches()) {
                found.add(entry);
            }
        }
        return answer(
                last(flags.contains(ResultFlag.UNIQUE) ? unique(found) : found, length), flags);
    }

    /** The last of equal inputs, in their order. */
    private static List<HistoryEntry> unique(List<HistoryEntry> found) {
        Map<String, HistoryEntry> byInput = new LinkedHashMap<>();
        for (int i = found.size() - 1; i >= 0; i--) {
            byInput.putIfAbsent(found.get(i).getInput(), found.get(i));
        }
        List<HistoryEntry> unique = new ArrayList<>(byInput.values());
        Collections.reverse(unique);
        return unique;
    }

    private static <T> List<T> last(List<T> all, int length) {
        return length <= 0 ? all : all.subList(Math.max(0, all.size() - length), all.size());
    }

    private static List<HistoryEntry> answer(List<HistoryEntry> found, Set<ResultFlag> flags) {
        if (flags.contains(ResultFlag.INCLUDE_OUTPUT)) {
            return List.copyOf(found);
        }
        return found.stream()
                .map(e -> new HistoryEntry(e.getSession(), e.getCellNumber(), e.getInput()))
                .toList();
    }

    /** An SQLite glob as a regular expression: star, question mark, and lists in brackets. */
    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int end = c == '[' ? glob.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (end > 0) {
                String list = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[').append(list.replace("&", "\\&")).append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
