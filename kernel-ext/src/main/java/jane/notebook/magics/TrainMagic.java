package jane.notebook.magics;

import jane.ir.JaneException;
import jane.notebook.Notebook;
import jane.notebook.magic.Magic;
import jane.notebook.magic.MagicParser;
import jane.train.Run;
import jane.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code %train trainer epochs=3}: trains with a live chart. */
public final class TrainMagic implements Magic {
    private static final Pattern OPTION_LINE =
            Pattern.compile("(epochs|steps|title)\\s*=\\s*(\\S.*?)\\s*;?");

    private final Notebook notebook;
    private final Subjects subjects;

    /** Shows in {@code notebook}. */
    public TrainMagic(Notebook notebook, Subjects subjects) {
        this.notebook = notebook;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String summary() {
        return "Trains with a live chart; an interrupt stops between steps, the same cell goes on.";
    }

    @Override
    public Kind kind() {
        return Kind.BOTH;
    }

    @Override
    public String usage() {
        return "[TRAINER]";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("epochs", "N", "epochs to train; 1 unless said"),
                new Option("steps", "N", "steps to take instead"),
                new Option("title", "TEXT", "above the chart"));
    }

    @Override
    public List<String> completions(String word) {
        return subjects.names(Trainer.class);
    }

    @Override
    public String details() {
        return "%train trainer epochs=3\n"
                + "var run = %train trainer steps=500      then run.losses(), run.epochs()\n"
                + "%%train epochs=2                        and below it Java that ends in a"
                + " trainer, or lines such as steps=100\n"
                + "Gives the run. In Java: trainer.fit(3), trainer.steps(500)";
    }

    @Override
    public Optional<Object> run(Call call) {
        return Optional.of(
                call.cell() ? cell(call) : train(call, subjects.trainer(this, call.words())));
    }

    /** Option lines are joined to the magic's line; what is left is Java. */
    private Run cell(Call call) {
        var line = new StringBuilder(call.line());
        var java = new ArrayList<String>();
        for (var text : call.body().split("\n", -1)) {
            var option = OPTION_LINE.matcher(text.strip());
            if (option.matches()) {
                line.append(' ').append(option.group(1)).append('=').append(option.group(2));
            } else {
                java.add(text);
            }
        }
        var full = MagicParser.parse(this, line.toString(), call.body(), true);
        var code = String.join("\n", java).strip();
        if (code.isEmpty()) {
            return train(full, subjects.trainer(this, full.words()));
        }
        var value =
                Subjects.isName(code)
                        ? Optional.of(subjects.value(this, code))
                        : notebook.eval(code);
        if (value.isEmpty() || !(value.get() instanceof Trainer trainer)) {
            throw new JaneException(
                    "%%train",
                    "the cell ends in %s; need a Trainer as its last expression, without a"
                            + " semicolon",
                    value.map(Subjects::describe).orElse("no value"));
        }
        return train(full, trainer);
    }

    private static String title(Trainer trainer) {
        return trainer.model().describe()
                + " with "
                + trainer.step().optimizer().describe()
                + " on "
                + trainer.data().name();
    }

    private Run train(Call call, Trainer trainer) {
        if (call.has("epochs") && call.has("steps")) {
            throw new JaneException("%train", "epochs and steps are both given; need one of them");
        }
        int epochs = Subjects.whole(this, "epochs", call.option("epochs", "1"), 0);
        boolean bySteps = call.has("steps");
        int steps = Subjects.whole(this, "steps", call.option("steps", "0"), 0);
        long total = bySteps ? steps : (long) epochs * trainer.stepsPerEpoch();
        var title = call.option("title", title(trainer));
        return new LiveRun(notebook, trainer, title, total)
                .train(() -> bySteps ? trainer.steps(steps) : trainer.fit(epochs));
    }
}
