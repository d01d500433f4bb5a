package jane.notebook.magic;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One magic: a command a cell gives with {@code %name} (one line) or {@code %%name} (the whole cell
 * below it). A magic knows nothing of the notebook host that runs it.
 */
public interface Magic {
    /** Where a magic may stand. */
    enum Kind {
        /** {@code %name} on a line of its own, or right of {@code x =}. */
        LINE,
        /** {@code %%name} as a cell's first line; the rest of the cell is the body. */
        CELL,
        /** Both. */
        BOTH
    }

    /**
     * A named option. All of {@code name=v}, {@code --name=v}, {@code --name v}, {@code -name v}
     * and a unique {@code -n v} give it a value.
     *
     * @param name the long name, without dashes
     * @param placeholder what stands for its value in the help, as {@code N}; empty for a flag,
     *     which takes no value
     * @param summary one line for the help
     */
    record Option(String name, String placeholder, String summary) {
        /** Whether the option is a flag: given or not, without a value. */
        public boolean isFlag() {
            return placeholder.isEmpty();
        }
    }

    /**
     * One use of a magic, its line taken apart.
     *
     * @param name the magic's name, without percent signs
     * @param line all that follows the name on its line, untouched
     * @param words the positional words in order, quotes removed
     * @param options the options given, by long name; a flag has the value {@code "true"}
     * @param body the cell below {@code %%name}, or empty
     * @param cell whether it was {@code %%name}
     */
    record Call(
            String name,
            String line,
            List<String> words,
            Map<String, String> options,
            String body,
            boolean cell) {
        public Call {
            words = List.copyOf(words);
            options = Map.copyOf(options);
        }

        /** The value of an option, or {@code otherwise} when it was not given. */
        public String option(String name, String otherwise) {
            return options.getOrDefault(name, otherwise);
        }

        /** Whether a flag or option was given. */
        public boolean has(String name) {
            return options.containsKey(name);
        }
    }

    /** The name a cell writes after the percent sign. */
    String name();

    /** What it does, in one sentence. */
    String summary();

    /** Where it may stand. */
    default Kind kind() {
        return Kind.LINE;
    }

    /** The positional part of the usage line, as {@code TRAINER [N]}. */
    default String usage() {
        return "";
    }

    /** The options it takes; any other is refused with the nearest name. */
    default List<Option> options() {
        return List.of();
    }

    /** Candidates for the positional word that starts with {@code word}, for completion. */
    default List<String> completions(String word) {
        return List.of();
    }

    /** Longer help shown below the options: examples, what is returned. */
    default String details() {
        return "";
    }

    /**
     * Does it.
     *
     * @return the value, shown when it ends a cell and assignable by {@code x = %name}; or empty
     */
    Optional<Object> run(Call call) throws Exception;
}
