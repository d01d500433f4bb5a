package jane.notebook.magics;

import jane.ir.JaneException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A {@code %%layer} cell turned into Java: a class that says only the signature, and a statement
 * that registers the body under it. In that statement each line of the body stands on the line, and
 * in the columns, that it has in the cell, so that the compiler's places are the cell's: what must
 * be added is added at the ends of lines above.
 */
final class LayerCell {
    private static final Pattern HEAD =
            Pattern.compile("([A-Za-z_]\\w*)\\s*(?:\\((.*)\\))?\\s*\\{?\\s*");
    private static final Pattern PART =
            Pattern.compile("\\s*(param|state|layer)\\s+([A-Za-z_]\\w*)\\s*=(?!=)\\s*");
    private static final Pattern LATE =
            Pattern.compile("(?m)^\\s*(param|state|layer)\\s+[A-Za-z_]\\w*\\s*=(?!=)");

    private static final Pattern NEXT =
            Pattern.compile(
                    "\\n\\s*(return\\b|throw\\b|(?:param|state|layer)\\s+[A-Za-z_]\\w*\\s*=(?!=))");

    /** A constructor parameter. */
    private record Argument(String type, String name) {
        String cast() {
            return type.endsWith("...") ? type.substring(0, type.length() - 3) + "[]" : type;
        }

        @Override
        public String toString() {
            return type + " " + name;
        }
    }

    /** A {@code param}, {@code state} or {@code layer} line. */
    record Part(String kind, String name) {}

    private final String name;
    private final List<Argument> arguments;
    private final List<Part> parts = new ArrayList<>();
    private final String body;
    private final MaskedJava masked;
    private final StringBuilder java;

    private LayerCell(String name, List<Argument> arguments, String body) {
        this.name = name;
        this.arguments = arguments;
        this.body = body;
        this.masked = new MaskedJava(body);
        this.java = new StringBuilder("\n").append(masked.code());
    }

    /**
     * Reads a cell.
     *
     * @param head what follows {@code %%layer}, as {@code Gated(int in, int out)}
     * @param body the lines below, the first of which is the cell's second
     */
    static LayerCell parse(String head, String body) {
        Matcher matcher = HEAD.matcher(head.strip());
        if (!matcher.matches()) {
            throw new JaneException(
                    "%%layer",
                    "cannot read \"%s\"; need a name and constructor parameters, as in Gated(int"
                            + " in, int out)",
                    head.strip());
        }
        String name = matcher.group(1);
        var arguments = arguments(name, matcher.group(2) == null ? "" : matcher.group(2));
        var cell = new LayerCell(name, arguments, body);
        cell.translate();
        return cell;
    }

    private static List<Argument> arguments(String layer, String text) {
        var arguments = new ArrayList<Argument>();
        if (text.isBlank()) {
            return arguments;
        }
        for (String one : split(text)) {
            String[] words = one.strip().replaceFirst("^final\\s+", "").split("\\s+(?=\\w+$)");
            if (words.length != 2 || !words[1].matches("[A-Za-z_]\\w*")) {
                throw new JaneException(
                        "%%layer " + layer,
                        "cannot read the parameter \"%s\"; need a type and a name, as in int in",
                        one.strip());
            }
            if (words[1].equals("x")) {
                throw new JaneException(
                        "%%layer " + layer,
                        "a constructor parameter is called x, which is the input of the body; need"
                                + " another name");
            }
            arguments.add(new Argument(words[0], words[1]));
        }
        return arguments;
    }

    /** Splits at commas that are not inside brackets. */
    private static List<String> split(String text) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            depth += c == '<' || c == '[' ? 1 : c == '>' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, at));
                start = at + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private void translate() {
        var insertions = new ArrayList<Insertion>();
        int at = 0;
        Matcher part = PART.matcher(masked.structure());
        Set<String> names = new HashSet<>();
        while (part.region(at, body.length()).lookingAt()) {
            at = part(part, names, insertions);
        }
        requireBody(at);
        insertions.add(new Insertion(lineEndBefore(at), "; return x -> {"));
        for (int i = insertions.size() - 1; i >= 0; i--) {
            java.insert(insertions.get(i).at(), insertions.get(i).text());
        }
        java.append("\n}; });");
        java.insert(0, prelude());
    }

    /** Text to be added at an offset of {@link #java}, which begins with a newline. */
    private record Insertion(int at, String text) {}

    private int part(Matcher part, Set<String> names, List<Insertion> insertions) {
        String kind = part.group(1);
        String partName = part.group(2);
        int end = masked.semicolon(part.end());
        if (end < 0 || masked.outside(NEXT, part.end(), end)) {
            throw error(part.start(1), "\"%s %s\" does not end; need a semicolon", kind, partName);
        }
        if (partName.equals("x") || !names.add(partName)) {
            throw error(
                    part.start(1),
                    partName.equals("x")
                            ? "%s %s has the name of the input; need another"
                            : "%s %s is the second of that name; need one each",
                    kind,
                    partName);
        }
        parts.add(new Part(kind, partName));
        insertions.add(
                new Insertion(
                        lineEndBefore(part.start(1)),
                        "; var " + partName + " = parts$." + kind + "(\"" + partName + "\", "));
        for (int at = part.start(1); at < part.end(); at++) {
            if (body.charAt(at) != '\n') {
                java.setCharAt(at + 1, ' ');
            }
        }
        java.setCharAt(end + 1, ')');
        return end + 1;
    }

    /** The end, in {@link #java}, of the line above body offset {@code at}, or the place itself. */
    private int lineEndBefore(int at) {
        int newline = body.lastIndexOf('\n', at - 1);
        boolean alone = body.substring(newline + 1, at).isBlank();
        return alone ? newline + 1 : at + 1;
    }

    private void requireBody(int at) {
        String rest = masked.structure().substring(at);
        Matcher late = LATE.matcher(rest);
        if (late.find()) {
            throw error(
                    at + late.start(1),
                    "\"%s\" comes after a statement; need all param, state and layer lines first",
                    late.group(1));
        }
        if (!Pattern.compile("\\b(return|throw)\\b").matcher(rest).find()) {
            throw new JaneException(
                    "%%layer " + name,
                    "the body returns nothing; need return EXPR; as its last statement, with x as"
                            + " the input");
        }
    }

    private JaneException error(int at, String format, Object... args) {
        int line = 2 + (int) body.substring(0, at).chars().filter(c -> c == '\n').count();
        return new JaneException("%%layer " + name + ", line " + line, format, args);
    }

    private String prelude() {
        var text = new StringBuilder("jane.nn.CellLayer.define(\"" + signature() + "\", ");
        text.append("(parts$, args$) -> { int args$count = args$.length");
        for (int i = 0; i < arguments.size(); i++) {
            var a = arguments.get(i);
            text.append("; final ").append(a.cast()).append(' ').append(a.name());
            text.append(" = (").append(a.cast()).append(") args$[").append(i).append(']');
        }
        return text.toString();
    }

    /** The class's name. */
    String name() {
        return name;
    }

    /** As {@code Gated(int in, int out)}. */
    String signature() {
        return name
                + arguments.stream()
                        .map(Argument::toString)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** The parameters, states and inner layers, in order. */
    List<Part> parts() {
        return List.copyOf(parts);
    }

    /** The class; its text depends on the signature alone. */
    String shim() {
        var given = arguments.stream().map(Argument::name).collect(Collectors.joining(", "));
        return "class "
                + name
                + " extends jane.nn.CellLayer { public "
                + signature()
                + " { super(\""
                + signature()
                + "\", new Object[] {"
                + given
                + "}); } }";
    }

    /** The statement that registers the body: line n of it is line n of the cell. */
    String definition() {
        return java.toString();
    }

    /** Line {@code line} of the cell, counted from 1. */
    String line(int line) {
        var lines = body.split("\n", -1);
        return line >= 2 && line - 2 < lines.length ? lines[line - 2] : "";
    }
}
