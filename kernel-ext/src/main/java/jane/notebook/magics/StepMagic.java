package jane.notebook.magics;

import jane.notebook.Notebook;
import jane.notebook.magic.Magic;
import jane.notebook.magics.view.StepView;
import jane.train.Inspector;
import jane.train.Trainer;
import java.util.List;
import java.util.Optional;

/** {@code %step trainer}: one training step laid open. */
public final class StepMagic implements Magic {
    private final Notebook notebook;
    private final Subjects subjects;
    private Optional<Inspector> last = Optional.empty();

    /** Shows in {@code notebook}. */
    public StepMagic(Notebook notebook, Subjects subjects) {
        this.notebook = notebook;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "step";
    }

    @Override
    public String summary() {
        return "Takes one training step and lays it open: layers, gradients, updates, times.";
    }

    @Override
    public String usage() {
        return "[TRAINER] [N]";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("top", "N", "how many of the largest gradients; 5 unless said"),
                new Option("brief", "", "the panel and what looks wrong, without the tables"));
    }

    @Override
    public List<String> completions(String word) {
        return subjects.names(Trainer.class);
    }

    @Override
    public String details() {
        return "%step trainer          the next step\n"
                + "%step trainer 10       ten steps, the last laid open\n"
                + "%step trainer --brief  the panel, and what looks wrong\n"
                + "Gives the inspection. In Java: Inspector.of(trainer).step()";
    }

    @Override
    public Optional<Object> run(Call call) {
        var words = call.words();
        boolean countOnly = words.size() == 1 && words.get(0).matches("\\d+");
        var trainer = subjects.trainer(this, countOnly ? List.of() : words);
        var counted = countOnly ? words : words.stream().skip(1).toList();
        int count = counted.isEmpty() ? 1 : Subjects.whole(this, "N", counted.get(0), 1);
        int top = Subjects.whole(this, "top", call.option("top", "" + StepView.STEEPEST), 0);
        if (count > 1) {
            notebook.interruptible(trainer::stop, () -> trainer.steps(count - 1));
        }
        var inspection = inspector(trainer).step();
        notebook.show(StepView.panel(inspection).display());
        if (call.has("brief")) {
            return Optional.of(StepView.verdict(inspection));
        }
        if (top != StepView.STEEPEST) {
            notebook.show(StepView.of(inspection, top));
            return Optional.empty();
        }
        return Optional.of(inspection);
    }

    /** The one used before, if it is the same trainer's: its programs are compiled. */
    private Inspector inspector(Trainer trainer) {
        if (last.isEmpty() || last.get().trainer() != trainer) {
            last = Optional.of(Inspector.of(trainer));
        }
        return last.get();
    }
}
