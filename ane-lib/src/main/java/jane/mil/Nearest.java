package jane.mil;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a misspelt one was probably meant to be. */
public final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /** {@code "; did you mean 'add'?"}, or nothing if no name is near. */
    public static String hint(String name, Collection<String> names) {
        return find(name, names).map(n -> "; did you mean '" + n + "'?").orElse("");
    }

    private static Optional<String> find(String name, Collection<String> names) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        // Fewer edits than letters: a name that shares nothing is no hint.
        int most = Math.min(name.length() - 1, Math.max(1, name.length() / 3));
        return names.stream()
                .filter(n -> Math.abs(n.length() - name.length()) <= most)
                .filter(n -> edits(name, n) <= most)
                .min(
                        Comparator.comparingInt((String n) -> edits(name, n))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /** Insertions, deletions and replacements between two words, whatever their case. */
    private static int edits(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
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
