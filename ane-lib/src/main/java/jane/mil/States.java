package jane.mil;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Programs with parameters of type {@code state<tensor<...>>}, which live from run to run. Engines
 * take a state {@code s} as an input {@code s} and, if it is written, an output {@code next_s} that
 * may share the input's buffer: {@link Program#aliases()}.
 */
public final class States {
    private static final Pattern WORD = Pattern.compile("\\bstate\\s*<");

    private States() {}

    /**
     * The same program with inputs and outputs in the place of states, in dialect A; the program
     * itself if its function has no states.
     *
     * @throws MilParseException where the text cannot be read
     */
    public static Program asPorts(Program program) {
        if (!WORD.matcher(program.text()).find()) {
            return program;
        }
        String name = MilParser.chosen(program);
        var bound = MilParser.bound(program).get(name);
        if (!bound.stateful()) {
            return program;
        }
        var aliases = new LinkedHashMap<>(program.aliases());
        aliases.putAll(bound.states());
        return MilPrinter.print(Map.of(name, bound.graph()), Dialect.A)
                .withFunction(name)
                .withAliases(aliases);
    }
}
