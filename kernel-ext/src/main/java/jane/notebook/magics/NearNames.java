package jane.notebook.magics;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the variable that a mistyped name most likely meant. */
final class NearNames {
    private NearNames() {}

    /** {@code " (did you mean name?)"}, or empty when nothing is near. */
    static String hint(String typed, Collection<String> known) {
        return find(typed, known).map(name -> " (did you mean " + name + "?)").orElse("");
    }

    private static Optional<String> find(String typed, Collection<String> known) {
        int most = Math.max(1, typed.length() / 2);
        return known.stream()
                .filter(name -> edits(typed, name) <= most)
                .min(Comparator.comparingInt(name -> edits(typed, name)));
    }

    /** Insertions, deletions and replacements between two words. */
    private static int edits(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
