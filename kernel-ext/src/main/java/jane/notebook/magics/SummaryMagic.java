package jane.notebook.magics;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.nn.Layer;
import jane.nn.Summary;
import jane.notebook.magic.Magic;
import jane.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code %summary model SHAPE}: a model layer by layer. */
public final class SummaryMagic implements Magic {
    private final Subjects subjects;

    /** Looks models up in {@code subjects}. */
    public SummaryMagic(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "summary";
    }

    @Override
    public String summary() {
        return "Shows a model layer by layer: output shapes, parameters, memory, FLOPs.";
    }

    @Override
    public String usage() {
        return "MODEL SHAPE | TRAINER";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("markdown", "", "gives the table as Markdown text"),
                new Option("latex", "", "gives the table as LaTeX text"));
    }

    @Override
    public List<String> completions(String word) {
        return Stream.concat(
                        subjects.names(Layer.class).stream(),
                        subjects.names(Trainer.class).stream())
                .toList();
    }

    @Override
    public String details() {
        return "%summary model 32x784\n%summary trainer             with the shape of its batches\n"
                + "Gives the summary. In Java: Summary.of(model, Shape.of(32, 784))";
    }

    @Override
    public Optional<Object> run(Call call) {
        var summary = of(call.words());
        if (call.has("markdown")) {
            return Optional.of(summary.markdown());
        }
        return Optional.of(call.has("latex") ? summary.latex() : summary);
    }

    private Summary of(List<String> words) {
        if (words.isEmpty()) {
            var trainer = subjects.trainer(this, words);
            return Summary.of(trainer.model(), trainer.nextBatch().featureShape());
        }
        var subject = subjects.value(this, words.get(0));
        if (subject instanceof Trainer trainer) {
            return Summary.of(trainer.model(), trainer.nextBatch().featureShape());
        }
        var model = subjects.as(this, words.get(0), Layer.class, "a layer or a trainer");
        var rest = words.subList(1, words.size());
        if (rest.isEmpty()) {
            throw new JaneException(
                    "%summary",
                    "no input shape for %s; need one, as in %%summary %s 1x784",
                    model.describe(),
                    words.get(0));
        }
        return Summary.of(model, Shape.of(Subjects.shape(this, rest)));
    }
}
