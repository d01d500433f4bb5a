package jane.engine.ane;

import jane.engine.Binding;
import jane.engine.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program with its buffers. The first run copies them to the program's ports and back. From the
 * second run on, a sign that more will follow, the buffers live in the ports themselves, as long as
 * no other binding runs the program: then nothing is copied. A buffer that lives in the ports of
 * another program is copied when it has changed, one whose address somebody keeps always.
 */
final class AneBinding implements Binding {
    private final AneExecutable owner;
    private final Loaded loaded;
    private final Runnable prepare;
    private final Map<String, Buffer> bound;
    private final String[] names;
    private final Buffer[] buffers;
    private final int inputs;
    private final int[] sources; // of an output: index of the input whose memory it shares, or -1
    private final boolean[] home;
    private final boolean[] overwritten; // of an input: whether an output shares its memory
    private final long[] seen; // of an input: the buffer's changes when the port had them
    private final Bridge.Port[] ports;
    private boolean ranBefore;

    AneBinding(AneExecutable owner, Loaded loaded, Map<String, Buffer> buffers, Runnable prepare) {
        this.owner = owner;
        this.loaded = loaded;
        this.prepare = prepare;
        bound = Map.copyOf(buffers);
        var all = new ArrayList<>(loaded.inputs.keySet());
        inputs = all.size();
        all.addAll(loaded.outputs.keySet());
        names = all.toArray(new String[0]);
        this.buffers = all.stream().map(bound::get).toArray(Buffer[]::new);
        sources = new int[names.length];
        overwritten = new boolean[inputs];
        seen = new long[inputs];
        for (int i = 0; i < names.length; i++) {
            var input = i < inputs ? null : loaded.aliases.get(names[i]);
            sources[i] = input == null ? -1 : List.of(names).subList(0, inputs).indexOf(input);
            if (input != null) {
                overwritten[sources[i]] = true;
            }
        }
        home = new boolean[names.length];
        ports = new Bridge.Port[names.length];
    }

    @Override
    public void run() {
        owner.begin();
        try {
            prepare.run();
            boolean arrived = loaded.tenant() != this;
            if (arrived) {
                for (int i = 0; i < names.length; i++) {
                    ports[i] = loaded.port(names[i]);
                }
                loaded.settle(ranBefore ? this : null);
                ranBefore = true;
            }
            copyIn(arrived);
            owner.dispatch();
            copyOut();
        } finally {
            owner.end();
        }
    }

    /** What has not changed since the last run is in the ports still. */
    private void copyIn(boolean all) {
        for (int i = 0; i < names.length; i++) {
            var memory = ports[i].memory();
            long changes = buffers[i].changes(); // refuses a closed one
            home[i] = buffers[i].livesIn(memory);
            boolean stays = i >= inputs || changes == seen[i] && (home[i] || !overwritten[i]);
            if (!stays || all && i < inputs) {
                if (!home[i]) {
                    buffers[i].copyTo(memory);
                }
                ports[i].changed();
                seen[i] = changes;
            }
        }
    }

    private void copyOut() {
        for (int i = inputs; i < names.length; i++) {
            var memory = ports[i].memory();
            boolean state =
                    sources[i] >= 0 && home[sources[i]] && buffers[sources[i]] == buffers[i];
            if (state || home[i]) {
                buffers[i].written(memory); // the worker wrote the other state set
            } else {
                buffers[i].bytes().put(0, memory, 0, size(i));
            }
            if (state) {
                seen[sources[i]] = buffers[i].changes(); // the program's own
            }
        }
    }

    private int size(int i) {
        return (int) buffers[i].type().sizeBytes();
    }

    /** Lets the buffers live in the ports, where nothing else forbids it. */
    void moveIn() {
        for (int i = 0; i < names.length; i++) {
            if (mayLiveInPort(i)) {
                buffers[i].moveInto(ports[i].memory());
            }
        }
    }

    /** A port in shared memory takes only a buffer that both its names are bound to. */
    private boolean mayLiveInPort(int i) {
        if (i >= inputs) {
            return sources[i] < 0; // with a source, it moves as that
        }
        for (var alias : loaded.aliases.entrySet()) {
            if (alias.getValue().equals(names[i])) {
                return bound.get(alias.getKey()) == buffers[i];
            }
        }
        return true;
    }

    /** Ends what {@link #moveIn} began. */
    void moveOut() {
        for (int i = 0; i < names.length; i++) {
            if (ports[i] != null) {
                buffers[i].moveOut(ports[i].memory());
            }
        }
    }
}
