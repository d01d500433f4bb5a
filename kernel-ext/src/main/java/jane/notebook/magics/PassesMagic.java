package jane.notebook.magics;

import jane.compile.Passes;
import jane.notebook.magics.view.PassesView;
import jane.target.Target;
import jane.tensor.MixedPrecision;
import jane.tensor.Session;
import java.util.List;
import java.util.Optional;

/** {@code %passes model SHAPE}: what each pass of the compiler makes of a graph. */
public final class PassesMagic extends SubjectMagic {
    /** Looks values up in {@code subjects}. */
    public PassesMagic(Subjects subjects) {
        super(subjects);
    }

    @Override
    public String name() {
        return "passes";
    }

    @Override
    public String summary() {
        return "Shows what each pass of the compiler makes of a model, a tensor or a training"
                + " step.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(
                        "target",
                        "NAME",
                        "as for a target, such as m5/inmem; that of the engine in use, if it has"
                                + " one"),
                new Option("verbose", "", "the ops after each pass, a line each"));
    }

    @Override
    public String details() {
        return "%passes model 1x784             its forward graph\n"
                + "%passes trainer                 forward and backward of a step\n"
                + "%passes trainer target=m5       as for that target: fp16, its decompositions\n"
                + "%passes y --verbose             with the ops themselves\n"
                + "Gives a table. In Java: PassesView.table(Passes.trail(graph,"
                + " Passes.DEFAULT))";
    }

    @Override
    public Optional<Object> run(Call call) {
        var named = Optional.ofNullable(call.options().get("target")).map(Target::named);
        var target = named.or(() -> Session.current().engine().target());
        var trail =
                target.isPresent()
                        ? Passes.trail(graph(call, MixedPrecision::asTarget), target.get())
                        : Passes.trail(graph(call), Passes.DEFAULT);
        return Optional.of(
                call.has("verbose") ? PassesView.verbose(trail) : PassesView.table(trail));
    }
}
