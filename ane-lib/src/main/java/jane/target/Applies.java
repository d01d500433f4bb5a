package jane.target;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a rule holds and how strictly: on which routes, from and to which macOS, and with which
 * severity on each family. Starts with a severity everywhere; each method narrows it.
 */
final class Applies {
    private static final int ANY_OS = Integer.MAX_VALUE;

    private final Set<Route> routes;
    private final Map<Family, Severity> families;
    private final Optional<Severity> strict;
    private final int fromOs;
    private final int toOs;

    private Applies(
            Set<Route> routes,
            Map<Family, Severity> families,
            Optional<Severity> strict,
            int fromOs,
            int toOs) {
        this.routes = routes;
        this.families = families;
        this.strict = strict;
        this.fromOs = fromOs;
        this.toOs = toOs;
    }

    private static Applies everywhere(Severity severity) {
        var families = new EnumMap<Family, Severity>(Family.class);
        for (var family : Family.values()) {
            families.put(family, severity);
        }
        var routes = EnumSet.allOf(Route.class);
        return new Applies(routes, families, Optional.empty(), 0, ANY_OS);
    }

    static Applies error() {
        return everywhere(Severity.ERROR);
    }

    static Applies warning() {
        return everywhere(Severity.WARNING);
    }

    static Applies note() {
        return everywhere(Severity.NOTE);
    }

    /** On one route only. */
    Applies route(Route only) {
        return new Applies(EnumSet.of(only), families, strict, fromOs, toOs);
    }

    /** On these families only. */
    Applies on(Family... only) {
        var kept = new EnumMap<Family, Severity>(Family.class);
        for (var family : only) {
            kept.put(family, families.get(family));
        }
        return new Applies(routes, kept, strict, fromOs, toOs);
    }

    /** On the families that have no severity yet, this one. */
    Applies elsewhere(Severity severity) {
        var all = new EnumMap<>(families);
        for (var family : Family.values()) {
            all.putIfAbsent(family, severity);
        }
        return new Applies(routes, all, strict, fromOs, toOs);
    }

    /** On the strict target this severity, whatever the families have. */
    Applies strict(Severity severity) {
        return new Applies(routes, families, Optional.of(severity), fromOs, toOs);
    }

    /** From this macOS on. */
    Applies fromOs(int os) {
        return new Applies(routes, families, strict, os, toOs);
    }

    /** Up to this macOS. */
    Applies toOs(int os) {
        return new Applies(routes, families, strict, fromOs, os);
    }

    /** The severity on a target; empty where the rule does not hold. */
    Optional<Severity> severity(Target target) {
        if (!routes.contains(target.route())) {
            return Optional.empty();
        }
        if (target.isStrict()) {
            return strict.or(() -> families.values().stream().max(Severity::compareTo));
        }
        boolean inRange = target.os() >= fromOs && target.os() <= toOs;
        return inRange ? Optional.ofNullable(families.get(target.family())) : Optional.empty();
    }

    /** On a family, whatever route and macOS; for tables. */
    Optional<Severity> severity(Family family) {
        return Optional.ofNullable(families.get(family));
    }

    /** On the strict target, on a route that the rule holds for; for tables. */
    Severity strictSeverity() {
        return strict.orElseGet(() -> families.values().stream().max(Severity::compareTo).get());
    }

    /** Routes and macOS in words; empty if there is no restriction. */
    String range() {
        var words = new StringBuilder();
        if (routes.size() == 1) {
            words.append(routes.iterator().next().word());
        }
        if (fromOs > 0) {
            words.append(words.isEmpty() ? "" : ", ").append("macOS ").append(fromOs).append("+");
        }
        if (toOs < ANY_OS) {
            words.append(words.isEmpty() ? "" : ", ").append("macOS up to ").append(toOs);
        }
        return words.toString();
    }
}
