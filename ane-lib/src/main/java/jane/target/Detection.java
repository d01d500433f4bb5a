package jane.target;

import java.util.Locale;

/** From what a machine reports to a target. */
final class Detection {
    private Detection() {}

    static Target target(String processor, int macOs, Route route) {
        String word =
                processor.toLowerCase(Locale.ROOT).replaceFirst("^apple +", "").replace(' ', '-');
        // A variant without findings of its own follows its family: an M4 Max checks as an M4.
        String base = word.replaceFirst("-(pro|max|ultra)$", "");
        for (String name : new String[] {word, base}) {
            for (var chip : Chip.ALL) {
                if (chip.name().equals(name)) {
                    return new Target(chip, system(macOs, chip), route);
                }
            }
        }
        return Target.strict(route);
    }

    private static int system(int macOs, Chip chip) {
        int best = TargetName.SYSTEMS.get(0);
        for (int system : TargetName.SYSTEMS) {
            if (system <= macOs || system <= chip.firstOs()) {
                best = system;
            }
        }
        return best;
    }
}
