package jane.target;

import java.util.Locale;

/** What happens on the chip when a rule is broken. Texts: as macOS reports them. */
public enum Effect {
    /** The compiler refuses the text. */
    INVALID_PROGRAM(Stage.COMPILE, "_ANECompiler : ANECCompile() FAILED: err=(InvalidMILProgram)"),

    /** The text is read, but the back end cannot map it. */
    COMPILATION_FAILURE(
            Stage.COMPILE, "_ANECompiler : ANECCompile() FAILED: err=(CompilationFailure)"),

    /** The compiler or its service ends or hangs. */
    COMPILER_CRASH(Stage.COMPILE, "_ANECompiler : ANECCompile() FAILED: err=()"),

    /** No slot is left for another resident program. */
    LOAD_SLOTS(Stage.LOAD, "Program load failed with status=0x50004"),

    /** The weights are too large to load. */
    LOAD_SIZE(Stage.LOAD, "Program load failed with status=0x20004"),

    /** Every evaluation fails. */
    EVAL_FAILURE(
            Stage.EVAL,
            "ANEProgramProcessRequestDirect() Failed with status=0x1d : statusType=0x9: Program"
                    + " Inference error"),

    /** It runs and gives wrong data, without an error. */
    WRONG_DATA(Stage.EVAL, ""),

    /** It runs; the numbers are less exact than those of plain fp16. */
    IMPRECISE(Stage.EVAL, ""),

    /** It runs slowly, or takes long to compile. */
    SLOW(Stage.EVAL, "");

    /** When it shows. */
    public enum Stage {
        COMPILE,
        LOAD,
        EVAL
    }

    private final Stage stage;
    private final String chipError;

    Effect(Stage stage, String chipError) {
        this.stage = stage;
        this.chipError = chipError;
    }

    /** When it shows. */
    public Stage stage() {
        return stage;
    }

    /** The error macOS gives; empty where it gives none. */
    public String chipError() {
        return chipError;
    }

    /** For messages and docs: {@code wrong data}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
