package jane.target;

import jane.ir.JaneException;
import jane.mil.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads target names: {@code chip[@os][/route]}, {@code strict[/route]}. */
final class TargetName {
    static final String STRICT = "strict";

    /** macOS versions that findings exist for. */
    static final List<Integer> SYSTEMS = List.of(14, 15, 26, 27);

    /** The macOS of a name that gives none: that of most findings. */
    static final int DEFAULT_OS = 26;

    private TargetName() {}

    static Target parse(String name) {
        String rest = name;
        var route = Route.E5RT;
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            route = route(name, rest.substring(slash + 1));
            rest = rest.substring(0, slash);
        }
        Optional<String> os = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            os = Optional.of(rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        if (rest.equals(STRICT)) {
            if (os.isPresent()) {
                throw error(
                        name, "macOS %s for strict; need none: it is the union of all", os.get());
            }
            return Target.strict(route);
        }
        var chip = chip(name, rest);
        return new Target(chip, os(name, chip, os), route);
    }

    private static Chip chip(String target, String chip) {
        var names = new ArrayList<String>();
        names.add(STRICT);
        names.addAll(Chip.names());
        return Chip.ofName(chip)
                .orElseThrow(
                        () ->
                                error(
                                        target,
                                        "unknown chip '%s'%s; need one of %s",
                                        chip,
                                        Nearest.hint(chip, names),
                                        String.join(", ", names)));
    }

    private static Route route(String target, String word) {
        var words = List.of(Route.E5RT.word(), Route.IN_MEMORY.word());
        return Route.ofWord(word)
                .orElseThrow(
                        () ->
                                error(
                                        target,
                                        "unknown route '%s'%s; need one of %s",
                                        word,
                                        Nearest.hint(word, words),
                                        String.join(", ", words)));
    }

    private static int os(String target, Chip chip, Optional<String> word) {
        if (word.isEmpty()) {
            return DEFAULT_OS;
        }
        for (int system : SYSTEMS) {
            if (Integer.toString(system).equals(word.get()) && system >= chip.firstOs()) {
                return system;
            }
        }
        throw error(
                target,
                "macOS '%s'; need one of %s, which run on %s",
                word.get(),
                SYSTEMS.stream().filter(s -> s >= chip.firstOs()).toList(),
                chip.name());
    }

    private static JaneException error(String target, String format, Object... args) {
        return new JaneException("target " + shortened(target), format, args);
    }

    private static String shortened(String target) {
        String clean = target.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= 40 ? clean : clean.substring(0, 37) + "...";
    }
}
