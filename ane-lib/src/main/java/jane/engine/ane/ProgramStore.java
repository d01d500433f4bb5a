package jane.engine.ane;

import jane.engine.Reload;
import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.mil.ProgramFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The engine's programs by their contents, least recently run first. Keeps to the device's limits:
 * the one that ran longest ago is put off the device when a further one needs its slot, and
 * compiled again when it runs; compiles are counted, and a warning is given before they run out.
 */
final class ProgramStore {
    /** Programs that one process may have on the device. */
    static final int RESIDENT = 127;

    /** Compiles after which a process may be refused more. */
    static final int BUDGET = 119;

    static final int WARNING = 100;

    private static final long RELOAD_MILLIS = 100;

    private final Bridge bridge;
    private final Path folder;
    private final Backoff backoff;
    private final Consumer<String> warnings;
    private final int slots;
    private final Map<String, Loaded> programs = new LinkedHashMap<>(16, 0.75f, true);
    private int compiled;
    private int evicted;

    ProgramStore(Bridge bridge, int slots, LongSupplier clockMillis, Consumer<String> warnings) {
        this.bridge = bridge;
        this.slots = slots;
        this.warnings = warnings;
        backoff = new Backoff(clockMillis);
        folder = bridge.folder();
    }

    /** The program, on the device. */
    synchronized Loaded acquire(Program program, Graph graph) {
        var hash = hash(program);
        var known = programs.get(hash);
        if (known != null && known.overwritten) {
            throw new JaneException(
                    "ane",
                    "%s was loaded again with other weights; close that executable first",
                    known.title);
        }
        if (known == null) {
            backoff.check(hash);
            try {
                known = written(hash, program, graph);
                reside(known);
            } catch (JaneException e) { // of the device, or of a disk that is full
                Folders.delete(folder.resolve(hash));
                throw e;
            }
            programs.put(hash, known);
        }
        known.users++;
        return known;
    }

    private Loaded written(String hash, Program program, Graph graph) {
        var home = folder.resolve(hash);
        var types = new LinkedHashMap<String, TensorType>();
        graph.inputs().forEach(p -> types.put(p.name(), p.value().type()));
        var results = new LinkedHashMap<String, TensorType>();
        graph.outputs().forEach(p -> results.put(p.name(), p.value().type()));
        write(program, home.resolve("model"));
        var title =
                String.format(
                        "program %s (%d ops, outputs %s)",
                        hash.substring(0, 8), graph.nodes().size(), brief(results.keySet()));
        return new Loaded(hash, title, home, types, results, program.aliases());
    }

    private static void write(Program program, Path folder) {
        try {
            Undisturbed.get(
                    () -> {
                        ProgramFiles.write(program, folder);
                        return folder;
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String brief(Set<String> names) {
        var first = names.stream().limit(3).toList();
        return String.join(", ", first) + (names.size() > 3 ? ", ..." : "");
    }

    /** Puts the program onto the device, if it is not there. */
    synchronized void reside(Loaded loaded) {
        if (loaded.isResident()) {
            return;
        }
        while (resident() >= slots) {
            if (!evict()) {
                throw new AneException(
                        AneStatus.ESLOTS, "load: all " + slots + " programs are running");
            }
        }
        backoff.check(loaded.hash);
        try {
            count();
            var compiled =
                    bridge.compile(loaded.title, loaded.folder.resolve("model"), cache(loaded));
            loaded.load(compiled, this::twice);
            backoff.succeeded(loaded.hash);
        } catch (AneException e) {
            if (e.status() == AneStatus.ECOMPILE || e.status() == AneStatus.ELOAD) {
                backoff.failed(loaded.hash, e.status(), e.text());
            }
            throw e.before("compiling " + loaded.title);
        }
    }

    /**
     * Loads, and once more if that may help: other processes take slots too, so that one may be
     * missing before ours are counted to the end, and a device that is taken may be free soon.
     */
    private void twice(Runnable load) {
        try {
            load.run();
        } catch (AneException e) {
            boolean again =
                    e.status() == AneStatus.ESLOTS && evict()
                            || e.status() == AneStatus.ELOAD && waited();
            if (!again) {
                throw e;
            }
            load.run();
        }
    }

    private static boolean waited() {
        try {
            Thread.sleep(RELOAD_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void count() {
        compiled++;
        if (compiled == WARNING || compiled == BUDGET) {
            warnings.accept(
                    String.format(
                            "%d programs compiled in this process; after about %d the system may"
                                    + " refuse more: reuse steps, or restart the kernel",
                            compiled, BUDGET));
        }
    }

    private static Path cache(Loaded loaded) {
        var cache = loaded.folder.resolve("cache");
        Folders.empty(cache);
        return cache;
    }

    /** Puts the program that ran longest ago off the device; false if all are running. */
    private boolean evict() {
        var oldest =
                programs.values().stream().filter(p -> p.isResident() && !p.running).findFirst();
        oldest.ifPresent(
                loaded -> {
                    evicted++;
                    loaded.unload();
                    if (loaded.users == 0) {
                        forget(loaded);
                    }
                });
        return oldest.isPresent();
    }

    private void forget(Loaded loaded) {
        programs.remove(loaded.hash);
        Folders.delete(loaded.folder);
    }

    /**
     * Overwrites weight files of a program and loads it again without a compile. If that fails it
     * is off the device, and compiled of its files as they are then when it runs.
     */
    synchronized void reload(Loaded loaded, Map<String, ByteBuffer> files) {
        if (loaded.users != 1) {
            throw new JaneException(
                    "ane",
                    "%s is used by %d executables; close the others first",
                    loaded.title,
                    loaded.users);
        }
        var home = loaded.folder.resolve("model");
        var changed = Reload.overwritten("ane", ProgramFiles.read(home), files);
        begin(loaded);
        try {
            reside(loaded);
            loaded.settle(null);
            loaded.overwritten = true;
            ProgramFiles.write(changed, home);
            loaded.reload();
        } finally {
            end(loaded);
        }
    }

    /** Marks the start of a run; refuses a second one of the same program. */
    synchronized void begin(Loaded loaded) {
        if (loaded.running) {
            throw new JaneException(
                    "ane",
                    "%s is running in another thread; it is not re-entrant: wait for that run",
                    loaded.title);
        }
        programs.get(loaded.hash); // now the most recent
        loaded.running = true;
    }

    synchronized void end(Loaded loaded) {
        loaded.running = false;
    }

    /** An executable ended; its program stays cached until its slot is needed. */
    synchronized void leave(Loaded loaded) {
        loaded.users--;
        if (loaded.users == 0 && !loaded.running) {
            loaded.settle(null);
            if (!loaded.isResident()) {
                forget(loaded);
            } else if (loaded.overwritten) {
                try {
                    loaded.unload();
                } finally {
                    forget(loaded);
                }
            }
        }
    }

    synchronized int compiled() {
        return compiled;
    }

    synchronized int evicted() {
        return evicted;
    }

    synchronized int resident() {
        return (int) programs.values().stream().filter(Loaded::isResident).count();
    }

    /** Takes every program off the device; deletes the folders. */
    synchronized void close() {
        List<AneException> failures = new ArrayList<>();
        for (var loaded : programs.values()) {
            try {
                loaded.unload();
            } catch (AneException e) {
                failures.add(e);
            }
        }
        programs.clear();
        if (!failures.isEmpty()) {
            throw failures.get(0).during("closing the engine");
        }
    }

    private static String hash(Program program) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(program.text().getBytes(StandardCharsets.UTF_8));
            program.files()
                    .forEach(
                            (name, bytes) -> {
                                digest.update(('\0' + name).getBytes(StandardCharsets.UTF_8));
                                digest.update(bytes.duplicate());
                            });
            digest.update(program.aliases().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
