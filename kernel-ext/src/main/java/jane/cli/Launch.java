package jane.cli;

/**
 * What the jar starts: says in one line that the Java is too old, else goes on to {@link Main}.
 *
 * <p>Compiled to Java 8 bytecode, and names no newer class, so that an old JDK can load it.
 */
public final class Launch {
    private static final int OLDEST = 17;

    private Launch() {}

    /** Runs {@link Main} with these arguments, or exits with 1 when this Java is too old for it. */
    public static void main(String[] args) throws ReflectiveOperationException {
        String version = System.getProperty("java.specification.version");
        if (feature(version) < OLDEST) {
            System.err.println(refusal(version, System.getProperty("java.home")));
            System.exit(1);
        }
        Class.forName("jane.cli.Main")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
    }

    /** 8 of "1.8", 17 of "17"; 0 when the text is neither, which counts as too old. */
    static int feature(String specificationVersion) {
        String digits =
                specificationVersion.startsWith("1.")
                        ? specificationVersion.substring(2)
                        : specificationVersion;
        return digits.matches("[0-9]{1,4}") ? Integer.parseInt(digits) : 0;
    }

    static String refusal(String specificationVersion, String home) {
        return "[java] this Java is too old for Jane: version "
                + specificationVersion
                + " in "
                + home
                + "; need a JDK of version "
                + OLDEST
                + " or newer. Run ./install.sh, which finds one or says how to get one.";
    }
}
