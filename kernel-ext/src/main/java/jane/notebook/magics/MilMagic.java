package jane.notebook.magics;

import jane.compile.Lowering;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.mil.Program;
import jane.nn.Layer;
import jane.nn.LayerGraph;
import jane.notebook.magic.Magic;
import jane.notebook.magics.view.ProgramSketch;
import jane.tensor.Tensor;
import jane.tensor.TensorGraph;
import jane.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code %mil model SHAPE}: the program text. */
public final class MilMagic implements Magic {
    private final Subjects subjects;

    /** Looks values up in {@code subjects}. */
    public MilMagic(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "mil";
    }

    @Override
    public String summary() {
        return "Shows the program, as the engine takes it, of a model, a tensor or a training"
                + " step.";
    }

    @Override
    public String usage() {
        return "MODEL SHAPE | TENSOR | TRAINER";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("brief", "", "short constants in their places, to read it"),
                new Option("baked", "", "a model's weights as constants, for inference"),
                new Option("half", "", "a model in fp16, as a Neural Engine takes it"));
    }

    @Override
    public List<String> completions(String word) {
        return GraphMagic.names(subjects);
    }

    @Override
    public String details() {
        return "%mil model 1x784        its forward program\n"
                + "%mil model 1x784 --baked    with its weights inside\n"
                + "%mil model 1x784 --baked --half     and in fp16\n"
                + "%mil y                  what is still to be computed of a tensor\n"
                + "%mil trainer            the whole step: forward, backward and update\n"
                + "%mil trainer --brief    shortened, to read it\n"
                + "Gives the program. In Java: Lowering.program(LayerGraph.of(model,"
                + " shape).graph(), Map.of()), trainer.step().program()";
    }

    @Override
    public Optional<Object> run(Call call) {
        if (call.words().isEmpty()) {
            throw new JaneException("%mil", "no model, tensor or trainer given; need one");
        }
        var program = program(call);
        return Optional.of(call.has("brief") ? ProgramSketch.of(program) : program);
    }

    private Program program(Call call) {
        var text = call.words().get(0);
        var subject = subjects.value(this, text);
        if (subject instanceof Trainer trainer) {
            trainer.step().build(trainer.nextBatch());
            return trainer.step().program();
        }
        if (subject instanceof Tensor tensor) {
            return Lowering.program(TensorGraph.of(tensor).graph(), Map.of());
        }
        var model = subjects.as(this, text, Layer.class, "a model, a tensor or a trainer");
        var shape = shape(this, call, model);
        var graph =
                call.has("baked") ? LayerGraph.baked(model, shape) : LayerGraph.of(model, shape);
        var dtype = call.has("half") ? DType.FP16 : DType.FP32;
        return Lowering.program(graph.in(dtype).graph(), Map.of());
    }

    /** The words after the model's name as a shape. */
    static Shape shape(Magic magic, Call call, Layer model) {
        var rest = call.words().subList(1, call.words().size());
        if (rest.isEmpty()) {
            throw new JaneException(
                    "%" + magic.name(),
                    "no input shape for %s; need one, as in %%%s %s 1x784",
                    model.describe(),
                    magic.name(),
                    call.words().get(0));
        }
        return Shape.of(Subjects.shape(magic, rest));
    }
}
