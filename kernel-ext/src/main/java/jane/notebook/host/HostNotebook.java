package jane.notebook.host;

import jane.notebook.Display;
import jane.notebook.Notebook;
import java.util.List;
import java.util.Optional;

/** A host's notebook as magics see it. */
final class HostNotebook implements Notebook {
    private final Host host;
    private final HostJava java;
    private final HostDisplays displays;
    private final Unfinished unfinished = new Unfinished();

    HostNotebook(Host host, HostJava java) {
        this.host = host;
        this.java = java;
        this.displays = new HostDisplays(host);
    }

    @Override
    public String host() {
        return host.name();
    }

    @Override
    public void show(Display display) {
        displays.show(display);
    }

    @Override
    public Live live(Display first) {
        return displays.live(first);
    }

    @Override
    public List<String> variables() {
        return java.names();
    }

    @Override
    public Optional<Object> variable(String name) {
        return java.value(name);
    }

    @Override
    public void define(String type, String name, Object value) {
        java.define(type, name, value);
    }

    @Override
    public Optional<Object> eval(String source) {
        return java.run(source);
    }

    @Override
    public void interruptible(Runnable stop, Runnable work) {
        unfinished.run(stop, work);
    }

    /** A magic begins; one that was interrupted is waited for, so that no two train at once. */
    void begin() {
        unfinished.await();
        displays.sendHeldBack();
        java.forgetValues();
    }

    /** The cell of the magic that runs has ended without it. */
    void abandon() {
        unfinished.leave();
    }

    /** A magic has ended. */
    void end() {
        unfinished.ended();
        java.forgetValues();
    }
}
