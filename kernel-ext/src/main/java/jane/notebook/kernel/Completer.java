package jane.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import jane.notebook.magic.MagicRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/** Completes what stands before the cursor: Java by JShell, magics by the registry. */
final class Completer {
    private static final Pattern MAGIC_START = Pattern.compile("\\s*%%?\\w*([ \\t].*)?");
    private static final Pattern DECLARATION =
            Pattern.compile(
                    "\\s*(import|(public |private |protected |static |final |abstract |sealed )*"
                            + "(class|interface|enum|record|@interface))\\b.*",
                    Pattern.DOTALL);

    private final SourceCodeAnalysis analysis;
    private final MagicRegistry magics;

    Completer(SourceCodeAnalysis analysis, MagicRegistry magics) {
        this.analysis = analysis;
        this.magics = magics;
    }

    ReplacementOptions complete(String cell, int cursor) {
        String before = cell.substring(0, Math.max(0, Math.min(cursor, cell.length())));
        String line = before.substring(before.lastIndexOf('\n') + 1);
        int assigned = line.indexOf("= %");
        String magic = assigned < 0 ? line : line.substring(assigned + 2);
        if (MAGIC_START.matcher(magic).matches()) {
            String stripped = magic.stripLeading();
            int space = stripped.lastIndexOf(' ');
            String word = stripped.substring(space + 1);
            return new ReplacementOptions(
                    magics.complete(stripped), cursor - word.length(), cursor);
        }
        return java(before, cursor);
    }

    /**
     * JShell completes one snippet. Statements earlier in the cell go along, so that their
     * variables are known; declarations cannot, and what they declare is known once the cell ran.
     */
    private ReplacementOptions java(String before, int cursor) {
        StringBuilder statements = new StringBuilder();
        String rest = javaOnly(before);
        while (true) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            boolean ends = info.completeness() == SourceCodeAnalysis.Completeness.COMPLETE;
            if (!ends || info.remaining().isBlank()) {
                break;
            }
            String snippet = rest.substring(0, rest.length() - info.remaining().length());
            if (!DECLARATION.matcher(snippet).matches()) {
                statements.append(snippet);
            }
            rest = info.remaining();
        }
        ReplacementOptions all = suggest(statements + rest, cursor);
        boolean alone = !all.getReplacements().isEmpty() || statements.length() == 0;
        return alone ? all : suggest(rest, cursor);
    }

    private static String javaOnly(String before) {
        StringBuilder java = new StringBuilder();
        for (CellSplitter.Part part : CellSplitter.split(before)) {
            if (part instanceof CellSplitter.Java piece) {
                java.append(java.length() == 0 ? "" : "\n").append(piece.text());
            }
        }
        return java.toString();
    }

    private ReplacementOptions suggest(String code, int cursor) {
        int[] anchor = {code.length()};
        List<Suggestion> suggestions = analysis.completionSuggestions(code, code.length(), anchor);
        Set<String> fitting = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        for (Suggestion suggestion : suggestions) {
            (suggestion.matchesType() ? fitting : others).add(suggestion.continuation());
        }
        fitting.addAll(others);
        int start = cursor - (code.length() - anchor[0]);
        return new ReplacementOptions(new ArrayList<>(fitting), Math.max(0, start), cursor);
    }
}
