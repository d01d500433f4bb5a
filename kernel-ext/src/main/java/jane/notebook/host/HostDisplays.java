package jane.notebook.host;

import jane.notebook.Display;
import jane.notebook.Notebook.Live;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What magics show in a host. Hosts send output only while a cell runs: what comes later, of a run
 * that was interrupted, is held back until the next magic.
 */
final class HostDisplays {
    private final Host host;
    private final Map<String, Display> heldBack = new LinkedHashMap<>();

    HostDisplays(Host host) {
        this.host = host;
    }

    void show(Display display) {
        live(display);
    }

    Live live(Display first) {
        var id = UUID.randomUUID().toString();
        host.display(first, id);
        return next -> update(id, next);
    }

    private synchronized void update(String id, Display next) {
        heldBack.remove(id);
        if (!host.update(next, id)) {
            heldBack.put(id, next);
        }
    }

    synchronized void sendHeldBack() {
        heldBack.entrySet().removeIf(held -> host.update(held.getValue(), held.getKey()));
    }
}
