package jane.notebook.magics;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.nn.Layer;
import jane.nn.LayerGraph;
import jane.notebook.magic.Magic;
import jane.tensor.Tensor;
import jane.tensor.TensorGraph;
import jane.train.StepGraph;
import jane.train.Trainer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A magic about a model with the shape of its input, a tensor or a trainer. */
abstract class SubjectMagic implements Magic {
    final Subjects subjects;

    SubjectMagic(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public final String usage() {
        return "MODEL SHAPE | TENSOR | TRAINER";
    }

    @Override
    public final List<String> completions(String word) {
        return subjects.names(Layer.class, Trainer.class, Tensor.class);
    }

    /** What the line's subject becomes, whichever of the three it is. */
    final <T> T subject(
            Call call,
            Function<Trainer, T> ofTrainer,
            Function<Tensor, T> ofTensor,
            BiFunction<Layer, Shape, T> ofModel) {
        if (call.words().isEmpty()) {
            throw new JaneException("%" + name(), "no model, tensor or trainer given; need one");
        }
        var text = call.words().get(0);
        var subject = subjects.value(this, text);
        if (subject instanceof Trainer trainer) {
            return ofTrainer.apply(trainer);
        }
        if (subject instanceof Tensor tensor) {
            return ofTensor.apply(tensor);
        }
        var model = subjects.as(this, text, Layer.class, "a model, a tensor or a trainer");
        return ofModel.apply(model, shape(call, model));
    }

    /** The subject's graph; of a trainer, forward and backward. */
    final Graph graph(Call call) {
        return graph(call, made -> made);
    }

    /**
     * The same.
     *
     * @param computed what the subject makes, as it is to be computed
     */
    final Graph graph(Call call, UnaryOperator<List<Tensor>> computed) {
        return subject(
                call,
                trainer -> {
                    var loss = trainer.step().loss();
                    return StepGraph.of(trainer.model(), loss, trainer.nextBatch(), computed)
                            .graph();
                },
                tensor -> TensorGraph.of(computed.apply(List.of(tensor)).get(0)).graph(),
                (model, shape) -> LayerGraph.of(model, shape, computed).graph());
    }

    /** The words after the model's name as a shape. */
    private Shape shape(Call call, Layer model) {
        var rest = call.words().subList(1, call.words().size());
        if (rest.isEmpty()) {
            throw new JaneException(
                    "%" + name(),
                    "no input shape for %s; need one, as in %%%s %s 1x784",
                    model.describe(),
                    name(),
                    call.words().get(0));
        }
        return Shape.of(Subjects.shape(this, rest));
    }
}
