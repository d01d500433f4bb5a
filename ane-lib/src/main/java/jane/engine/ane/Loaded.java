package jane.engine.ane;

import jane.ir.TensorType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A program in the cache: on the device, or put off it until it runs again. */
final class Loaded {
    final String hash;
    final String title;
    final Path folder;
    final Map<String, TensorType> inputs;
    final Map<String, TensorType> outputs;

    /** Output by input whose memory it shares: only where the types are the same. */
    final Map<String, String> aliases;

    private final Map<String, Bridge.Port> ports = new LinkedHashMap<>();
    private Bridge.Handle handle;
    private AneBinding tenant;

    /** Executables that use it. Kept by {@link ProgramStore}. */
    int users;

    /** Whether its weights are no longer those of its hash. Kept by {@link ProgramStore}. */
    boolean overwritten;

    /** Whether a run is under way. Kept by {@link ProgramStore}. */
    boolean running;

    Loaded(
            String hash,
            String title,
            Path folder,
            Map<String, TensorType> inputs,
            Map<String, TensorType> outputs,
            Map<String, String> aliases) {
        this.hash = hash;
        this.title = title;
        this.folder = folder;
        this.inputs = inputs;
        this.outputs = outputs;
        this.aliases = Collections.unmodifiableMap(aliases);
    }

    boolean isResident() {
        return handle != null;
    }

    /**
     * Takes the compiled program, loads it and makes its ports; leaves nothing if that fails.
     *
     * @param loader runs what puts it onto the device
     */
    void load(Bridge.Handle compiled, Consumer<Runnable> loader) {
        try {
            loader.accept(compiled::load);
            inputs.forEach((n, type) -> ports.put(n, compiled.port(n, false, type)));
            outputs.forEach((n, type) -> ports.put(n, compiled.port(n, true, type)));
            aliases.forEach(compiled::alias);
            loader.accept(compiled::ready);
            handle = compiled;
        } catch (AneException e) {
            ports.clear();
            releaseAfter(e, compiled);
            throw e;
        }
    }

    /** Loads it again from its files as they are now; takes it off the device if that fails. */
    void reload() {
        try {
            handle.reload();
        } catch (AneException e) {
            var old = handle;
            handle = null;
            ports.clear();
            releaseAfter(e, old);
            throw e.during("loading " + title + " again");
        }
    }

    private static void releaseAfter(AneException e, Bridge.Handle compiled) {
        try {
            compiled.release();
        } catch (AneException second) {
            e.addSuppressed(second);
        }
    }

    Bridge.Handle handle() {
        return handle;
    }

    Bridge.Port port(String name) {
        return ports.get(name);
    }

    /** Makes {@code next}'s buffers the ones that may live in the ports; null for none. */
    void settle(AneBinding next) {
        if (tenant != null) {
            tenant.moveOut();
        }
        tenant = next;
        if (next != null) {
            next.moveIn();
        }
    }

    AneBinding tenant() {
        return tenant;
    }

    /** Takes the program off the device; buffers that live in its ports keep their contents. */
    void unload() {
        settle(null);
        var old = handle;
        handle = null;
        ports.clear();
        if (old != null) {
            old.release();
        }
    }
}
