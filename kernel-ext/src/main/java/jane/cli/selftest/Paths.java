package jane.cli.selftest;

import java.util.regex.Pattern;

/** Paths as they may be shown to others. */
final class Paths {
    private Paths() {}

    /** The home folder as {@code ~}, that for temporary files as {@code TMPDIR}. */
    static String withoutNames(String text) {
        return withoutNames(
                text,
                System.getProperty("user.home"),
                System.getProperty("java.io.tmpdir"),
                System.getProperty("user.name"));
    }

    /** The user's name is also looked for by itself, as a folder of any path. */
    static String withoutNames(String text, String home, String temporary, String user) {
        var shown = folder("", home, "~", folder("", temporary, "TMPDIR", text));
        return folder("(?<=/)", user, "USER", shown);
    }

    /** Replaces a folder, and the beginning of what is below it. */
    private static String folder(String after, String name, String by, String text) {
        var plain = name.replaceAll("/+$", "");
        var here = Pattern.compile(after + Pattern.quote(plain) + "(?![\\w.-])");
        return plain.isEmpty() ? text : here.matcher(text).replaceAll(by);
    }
}
