package jane.notebook.magics;

import jane.ir.Graph;
import jane.ir.JaneException;
import jane.nn.Layer;
import jane.nn.LayerGraph;
import jane.notebook.magic.Magic;
import jane.tensor.Tensor;
import jane.tensor.TensorGraph;
import jane.train.StepGraph;
import jane.train.Trainer;

/** The graph that a magic's line talks about. */
final class GraphSubject {
    private GraphSubject() {}

    /** Of {@code MODEL SHAPE}, {@code TENSOR} or {@code TRAINER}, forward and backward. */
    static Graph of(Magic magic, Magic.Call call, Subjects subjects) {
        if (call.words().isEmpty()) {
            throw new JaneException(
                    "%" + magic.name(), "no model, tensor or trainer given; need one");
        }
        var text = call.words().get(0);
        var subject = subjects.value(magic, text);
        if (subject instanceof Trainer trainer) {
            return StepGraph.of(trainer.model(), trainer.step().loss(), trainer.nextBatch())
                    .graph();
        }
        if (subject instanceof Tensor tensor) {
            return TensorGraph.of(tensor).graph();
        }
        var model = subjects.as(magic, text, Layer.class, "a model, a tensor or a trainer");
        return LayerGraph.of(model, MilMagic.shape(magic, call, model)).graph();
    }
}
