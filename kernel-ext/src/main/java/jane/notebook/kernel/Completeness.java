package jane.notebook.kernel;

import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** Whether a console should run what was typed, or ask for more lines. */
final class Completeness {
    static final String COMPLETE = "complete";
    static final String INVALID = "invalid";
    private static final String INDENT = "    ";

    private final SourceCodeAnalysis analysis;

    Completeness(SourceCodeAnalysis analysis) {
        this.analysis = analysis;
    }

    /** {@link #COMPLETE}, {@link #INVALID}, or the indentation that the next line should have. */
    String of(String code) {
        for (CellSplitter.Part part : CellSplitter.split(code)) {
            if (part instanceof CellSplitter.Cell) {
                return code.endsWith("\n") && !code.isBlank() ? COMPLETE : "";
            }
            if (part instanceof CellSplitter.Java java) {
                String answer = java(java.text());
                if (!answer.equals(COMPLETE)) {
                    return answer;
                }
            }
        }
        return COMPLETE;
    }

    private String java(String code) {
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case COMPLETE:
                case COMPLETE_WITH_SEMI:
                    rest = info.remaining();
                    break;
                case EMPTY:
                    return COMPLETE;
                case CONSIDERED_INCOMPLETE:
                case DEFINITELY_INCOMPLETE:
                    return indent(code);
                default:
                    return INVALID;
            }
        }
        return COMPLETE;
    }

    private static String indent(String code) {
        var nesting = new JavaNesting();
        code.lines().forEach(nesting::read);
        return nesting.inText() ? "" : INDENT.repeat(nesting.depth());
    }
}
