package jane.engine.ane;

/** {@code enum jane_ane_status} of {@code native/ane/jane_ane.h}, and what helps. */
public enum AneStatus {
    OK("nothing to do"),
    EINVAL("this is an error in Jane: please report it with this line"),
    ENOLIB("use engine cpu or sim:T; on a Mac run selftest and report what it says"),
    ENOSYM("this macOS has another framework than Jane knows: use engine cpu and report it"),
    ECOMPILE("look for the op with '%jane mil check', or use engine cpu for this program"),
    ELOAD("wait a moment and try again; if it stays, close other programs"),
    ESLOTS("close executables that are no longer used"),
    EPORT("this is an error in Jane: please report it with the program"),
    ERUN("run it on engine cpu to see whether the program or the device is at fault"),
    EEXCEPTION("run it on engine cpu, and report the text above"),
    ENOMEM("use a smaller batch, or free memory"),
    EIO("make room in the folder for temporary files, and see that it can be written"),
    EBUSY("wait for the other thread, or compile the program once per thread"),
    /** Not of the header: the worker process ended or hung. */
    WORKER("run the step again: a new worker starts by itself, and the state is as before it"),
    /** Not of the header: a newer bridge. */
    UNKNOWN("build the bridge from the same sources as Jane");

    private final String remedy;

    AneStatus(String remedy) {
        this.remedy = remedy;
    }

    /** What helps. */
    public String remedy() {
        return remedy;
    }

    static AneStatus of(int code) {
        return code >= 0 && code <= EBUSY.ordinal() ? values()[code] : UNKNOWN;
    }
}
