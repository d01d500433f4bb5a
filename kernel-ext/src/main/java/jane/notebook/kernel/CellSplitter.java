package jane.notebook.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a cell apart into Java and magics.
 *
 * <p>A line magic stands at the start of a line, or right of an equals sign that ends an
 * assignment's left side. Inside brackets, as in a loop's body, it becomes a call so that it runs
 * each time; inside strings and comments it is text. {@code %} followed by a space is the operator.
 */
final class CellSplitter {
    private static final Pattern CELL = Pattern.compile("%%(\\w+)(\\?|[ \\t].*|)");
    private static final Pattern LINE = Pattern.compile("\\s*%(%?\\w+)(\\?|[ \\t].*|);?\\s*");
    private static final Pattern ASSIGNED =
            Pattern.compile(
                    "(\\s*(?:[\\w.<>\\[\\], ?&]+\\s+)?[A-Za-z_$][\\w$.]*\\s*=\\s*)"
                            + "%(\\w+)([ \\t].*|);?\\s*");
    private static final Pattern HELP = Pattern.compile("\\s*\\?%(%?\\w+)\\s*;?\\s*");

    /** A part of a cell, in the order it runs. */
    sealed interface Part permits Java, Line, Cell, Help {}

    /** Java, and the cell's line it starts on, from 0. */
    record Java(String text, int firstLine) implements Part {}

    /**
     * {@code %name line}; {@code target} is an assignment's left side with its equals sign, or
     * empty.
     */
    record Line(String target, String name, String line) implements Part {}

    /** {@code %%name line} and all below it. */
    record Cell(String name, String line, String body) implements Part {}

    /** {@code %name?}. */
    record Help(String name) implements Part {}

    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder java = new StringBuilder();
    private int javaLine;
    private final JavaNesting nesting = new JavaNesting();

    private CellSplitter() {}

    static List<Part> split(String cell) {
        var lines = List.of(cell.split("\n", -1));
        int first = 0;
        while (first < lines.size() && lines.get(first).isBlank()) {
            first++;
        }
        Matcher magic = CELL.matcher(first < lines.size() ? lines.get(first).stripTrailing() : "");
        if (magic.matches()) {
            String name = magic.group(1);
            if (magic.group(2).equals("?")) {
                return List.of(new Help(name));
            }
            String body = String.join("\n", lines.subList(first + 1, lines.size()));
            return List.of(new Cell(name, magic.group(2).strip(), body));
        }
        var splitter = new CellSplitter();
        for (int number = 0; number < lines.size(); number++) {
            splitter.line(lines.get(number), number);
        }
        splitter.endJava();
        return splitter.parts;
    }

    private void line(String line, int number) {
        if (nesting.inText()) {
            java(line, number);
            return;
        }
        Matcher help = HELP.matcher(line);
        Matcher plain = LINE.matcher(line);
        Matcher assigned = ASSIGNED.matcher(line);
        if (help.matches()) {
            part(new Help(help.group(1).replace("%", "")));
        } else if (plain.matches() && plain.group(2).equals("?")) {
            part(new Help(plain.group(1).replace("%", "")));
        } else if (plain.matches()) {
            magic("", plain.group(1), argument(plain.group(2)), number);
        } else if (assigned.matches()) {
            magic(assigned.group(1), assigned.group(2), argument(assigned.group(3)), number);
        } else {
            java(line, number);
        }
    }

    /** The greedy group takes a closing semicolon with it; a Java habit, not part of the words. */
    private static String argument(String text) {
        String stripped = text.strip();
        return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : stripped;
    }

    private void magic(String target, String name, String words, int number) {
        if (nesting.depth() == 0) {
            part(new Line(target, name, words));
            return;
        }
        String quoted = words.replace("\\", "\\\\").replace("\"", "\\\"");
        String call = Kernel.class.getName() + ".magic(\"" + name + "\", \"" + quoted + "\");";
        java(target + call, number);
    }

    private void java(String line, int number) {
        if (java.length() == 0) {
            javaLine = number;
        }
        java.append(line).append('\n');
        nesting.read(line);
    }

    private void part(Part part) {
        endJava();
        parts.add(part);
    }

    private void endJava() {
        String text = java.length() == 0 ? "" : java.substring(0, java.length() - 1);
        if (!text.isBlank()) {
            parts.add(new Java(text, javaLine));
        }
        java.setLength(0);
    }
}
