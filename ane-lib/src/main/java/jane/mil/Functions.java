package jane.mil;

import jane.ir.Graph;
import java.util.regex.Pattern;

/** Programs of several functions, for what takes only one, {@code main}. */
public final class Functions {
    private static final Pattern FUNCTION = Pattern.compile("\\bfunc\\s+(\\w+)");
    private static final String MAIN = "main";

    private Functions() {}

    /**
     * The same program, of the function that runs alone, as {@code main}; the program itself if it
     * is that already.
     *
     * @param graph of that function
     */
    public static Program alone(Program program, Graph graph) {
        var found = FUNCTION.matcher(program.text());
        boolean isMain = found.find() && found.group(1).equals(MAIN);
        return isMain && !found.find()
                ? program
                : MilPrinter.print(graph).withAliases(program.aliases());
    }
}
