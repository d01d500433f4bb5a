package jane.notebook.magic;

import java.util.Collection;
import java.util.Locale;

/** Finds the known name that a mistyped one most likely meant. */
public final class Nearest {
    private Nearest() {}

    /** {@code " (did you mean name?)"}, or empty when nothing is near. */
    public static String hint(String typed, Collection<String> known) {
        return hint(typed, known, "");
    }

    /** {@code " (did you mean PREFIXname?)"}, or empty when nothing is near. */
    static String hint(String typed, Collection<String> known, String prefix) {
        String best = "";
        int least = Math.max(1, typed.length() / 2) + 1;
        for (String name : known) {
            int distance = distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : " (did you mean " + prefix + best + "?)";
    }

    /**
     * Edit distance: insertions, deletions, replacements and swaps of neighbours count one each.
     */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
