package jane.engine;

import jane.ir.Graph;
import jane.mil.MilParser;
import jane.mil.Program;
import jane.mil.States;
import jane.target.Target;
import jane.target.Usage;
import jane.target.Violation;
import java.util.List;
import java.util.function.Predicate;

/**
 * A program as an engine with a target begins with it: read, and held against the target's rules.
 *
 * @param program with ports in the place of states
 * @param graph what it computes
 * @param found every place where it breaks a rule, whatever the severity
 */
public record Checked(Program program, Graph graph, List<Violation> found) {
    /**
     * Reads and checks a program.
     *
     * @param usage of the process so far, this program included
     * @throws jane.ir.JaneException if the text, its types or its blobs are wrong
     */
    public static Checked of(Program given, Target target, Usage usage) {
        var program = States.asPorts(given);
        var graph = MilParser.parse(program); // before the rules: they read well-formed text
        return new Checked(program, graph, target.check(program, usage));
    }

    /** The errors among what was found. */
    public List<Violation> errors() {
        return found.stream().filter(Violation::isError).toList();
    }

    /**
     * Refuses the program for its errors.
     *
     * @param engine that refuses
     * @param which of the errors stand against it
     * @throws CompileException with all of these
     */
    public void refuse(String engine, Predicate<Violation> which) {
        var broken = errors().stream().filter(which).toList();
        if (!broken.isEmpty()) {
            throw new CompileException(engine, broken);
        }
    }
}
