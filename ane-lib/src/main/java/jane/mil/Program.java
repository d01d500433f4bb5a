package jane.mil;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine accepts: MIL text, the weight files it refers to, and the aliases MIL has no word
 * for.
 */
public final class Program {
    private final String text;
    private final Map<String, ByteBuffer> files;
    private final Map<String, String> aliases;
    private final Optional<String> function;

    /**
     * A program.
     *
     * @param text the MIL text
     * @param files contents by path below {@code @model_path/}, such as {@code weights/weight.bin}
     * @param aliases input name by the output name that may share its buffer: {@code next_w -> w}
     */
    public Program(String text, Map<String, ByteBuffer> files, Map<String, String> aliases) {
        this(text, files, aliases, Optional.empty());
    }

    private Program(
            String text,
            Map<String, ByteBuffer> files,
            Map<String, String> aliases,
            Optional<String> function) {
        this.function = function;
        this.text = text;
        var copy = new LinkedHashMap<String, ByteBuffer>();
        files.forEach((path, bytes) -> copy.put(path, bytes.asReadOnlyBuffer()));
        this.files = Collections.unmodifiableMap(copy);
        this.aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
    }

    /** The MIL text. */
    public String text() {
        return text;
    }

    /** Weight files by path below {@code @model_path/}, read-only. */
    public Map<String, ByteBuffer> files() {
        return files;
    }

    /** Input name by the output name that may share its buffer. */
    public Map<String, String> aliases() {
        return aliases;
    }

    /** The same program with other aliases. */
    public Program withAliases(Map<String, String> others) {
        return new Program(text, files, others, function);
    }

    /** The same program with other weight files. */
    public Program withFiles(Map<String, ByteBuffer> others) {
        return new Program(text, others, aliases, function);
    }

    /** The function that runs, if one was chosen; else {@code main}, or the only one. */
    public Optional<String> function() {
        return function;
    }

    /** The same program, of which function {@code name} runs. */
    public Program withFunction(String name) {
        return new Program(text, files, aliases, Optional.of(name));
    }
}
