package jane.notebook.magics;

import jane.compile.Profile;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.engine.ane.AneEngine;
import jane.notebook.Notebook;
import jane.notebook.magics.view.ProfileView;
import jane.target.Target;
import jane.tensor.Session;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code %profile model SHAPE}: measured time of the processor, and of the Neural Engine where the
 * session has one, beside predicted times of chips.
 */
public final class ProfileMagic extends SubjectMagic {
    private final Notebook notebook;

    /** Shows the table in {@code notebook}; looks values up in {@code subjects}. */
    public ProfileMagic(Notebook notebook, Subjects subjects) {
        super(subjects);
        this.notebook = notebook;
    }

    @Override
    public String name() {
        return "profile";
    }

    @Override
    public String summary() {
        return "Measures each op on the processor, and the program on ane where it was chosen,"
                + " beside what the cost model predicts for chips; draws a roofline.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("targets", "NAMES", "chips, with commas between; m1,m2,m3,m4,m5"),
                new Option("threads", "N", "threads of the processor; 1"));
    }

    @Override
    public String details() {
        return "%profile model 64x784              its forward graph\n"
                + "%profile trainer targets=m1,m5     forward and backward of a step\n"
                + "After %jane use ane it also measures the whole program there.\n"
                + "Shows a table and gives the roofline. In Java: var p = Profile.of(graph,"
                + " Session.current().engine(), List.of(Target.named(\"m5\")));"
                + " ProfileView.table(p); ProfileView.roofline(p)";
    }

    @Override
    public Optional<Object> run(Call call) {
        var graph = graph(call);
        var names = call.option("targets", "m1,m2,m3,m4,m5");
        var targets = Arrays.stream(names.split(",")).map(String::strip).map(Target::named);
        int threads = Subjects.whole(this, "threads", call.option("threads", "1"), 1);
        var chosen = Session.current().engine();
        var device = Optional.of(chosen).filter(AneEngine.class::isInstance);
        var all = new LinkedHashMap<String, Target>();
        Stream.concat(device.flatMap(Engine::target).stream(), targets)
                .forEach(target -> all.put(target.name(), target));
        try (var cpu = Engines.open("cpu", threads)) {
            var profile = Profile.of(graph, cpu, List.copyOf(all.values()), device);
            var caption =
                    device.isPresent() && AneEngine.standIn()
                            ? "A stand-in for Apple's framework, no Neural Engine: its times mean"
                                    + " nothing. "
                            : "";
            notebook.show(ProfileView.table(profile, caption).display());
            return Optional.of(ProfileView.roofline(profile));
        }
    }
}
