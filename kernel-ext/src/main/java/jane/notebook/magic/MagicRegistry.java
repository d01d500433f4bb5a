package jane.notebook.magic;

import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The magics of a session by name: runs them, prints their help, completes their lines.
 *
 * <p>Errors: an unknown name, a line magic used on a cell or the other way round, an unknown
 * option: a {@link JaneException} of one line that names the nearest.
 */
public final class MagicRegistry {
    private final Map<String, Magic> magics = new ConcurrentSkipListMap<>();

    /** Adds a magic, or replaces the one of the same name. */
    public void register(Magic magic) {
        magics.put(magic.name(), magic);
    }

    /** All magics, by name. */
    public Collection<Magic> all() {
        return List.copyOf(magics.values());
    }

    /** The magic of that name, without percent signs. */
    public Optional<Magic> find(String name) {
        return Optional.ofNullable(magics.get(name));
    }

    /** Runs {@code %name line}; {@code --help} anywhere gives the help text instead. */
    public Optional<Object> line(String name, String line) throws Exception {
        return run(known(name, "%"), line, "", false);
    }

    /** Runs {@code %%name line} with {@code body} below it. */
    public Optional<Object> cell(String name, String line, String body) throws Exception {
        return run(known(name, "%%"), line, body, true);
    }

    private Optional<Object> run(Magic magic, String line, String body, boolean cell)
            throws Exception {
        if (asksForHelp(line)) {
            return Optional.of(help(magic));
        }
        if (cell && magic.kind() == Magic.Kind.LINE) {
            throw new JaneException(
                    "%%" + magic.name(),
                    "is a line magic, used on a whole cell; need %%%s with one percent sign",
                    magic.name());
        }
        if (!cell && magic.kind() == Magic.Kind.CELL) {
            throw new JaneException(
                    "%" + magic.name(),
                    "is a cell magic, used on one line; need %%%%%s as the first line of a cell",
                    magic.name());
        }
        return magic.run(MagicParser.parse(magic, line, body, cell));
    }

    private static boolean asksForHelp(String line) {
        return List.of(line.trim().split("\\s+")).contains("--help");
    }

    private Magic known(String name, String prefix) {
        Magic magic = magics.get(name);
        if (magic == null) {
            throw new JaneException(
                    prefix + name,
                    "unknown magic%s; need one of %s",
                    Nearest.hint(name, magics.keySet(), prefix),
                    magics.keySet());
        }
        return magic;
    }

    /** The help of the magic of that name. */
    public String help(String name) {
        return help(known(name, "%"));
    }

    private static String help(Magic magic) {
        StringBuilder text = new StringBuilder();
        String sign = magic.kind() == Magic.Kind.CELL ? "%%" : "%";
        text.append(sign).append(magic.name());
        if (!magic.usage().isEmpty()) {
            text.append(' ').append(magic.usage());
        }
        if (!magic.options().isEmpty()) {
            text.append(" [options]");
        }
        if (magic.kind() == Magic.Kind.BOTH) {
            text.append("    (also %%").append(magic.name()).append(" on a whole cell)");
        }
        text.append('\n').append(magic.summary()).append('\n');
        for (Magic.Option option : magic.options()) {
            String form =
                    option.isFlag()
                            ? "--" + option.name()
                            : option.name() + "=" + option.placeholder();
            text.append(String.format("  %-18s %s%n", form, option.summary()));
        }
        if (!magic.details().isEmpty()) {
            text.append(magic.details().stripTrailing()).append('\n');
        }
        return text.toString().stripTrailing();
    }

    /**
     * Candidates for the last word of a magic's line.
     *
     * @param line the line from its percent sign up to the cursor
     * @return whole words that may replace the last one
     */
    public List<String> complete(String line) {
        int sign = line.startsWith("%%") ? 2 : 1;
        int space = line.indexOf(' ');
        if (space < 0) {
            return names(line.substring(0, sign), line.substring(sign));
        }
        Magic magic = magics.get(line.substring(sign, space));
        if (magic == null) {
            return List.of();
        }
        return words(magic, line.substring(line.lastIndexOf(' ') + 1));
    }

    private List<String> names(String sign, String start) {
        List<String> found = new ArrayList<>();
        for (Magic magic : magics.values()) {
            Magic.Kind wrong = sign.equals("%") ? Magic.Kind.CELL : Magic.Kind.LINE;
            if (magic.name().startsWith(start) && magic.kind() != wrong) {
                found.add(sign + magic.name());
            }
        }
        if (sign.equals("%")) {
            found.addAll(names("%%", start));
        }
        return found;
    }

    private static List<String> words(Magic magic, String word) {
        Set<String> found = new LinkedHashSet<>();
        if (!word.startsWith("-")) {
            found.addAll(magic.completions(word));
        }
        for (Magic.Option option : magic.options()) {
            String key = option.isFlag() ? "--" + option.name() : option.name() + "=";
            String dashed = "--" + option.name();
            found.add(word.startsWith("-") ? dashed : key);
        }
        found.add("--help");
        found.removeIf(candidate -> !candidate.startsWith(word));
        return List.copyOf(found);
    }
}
