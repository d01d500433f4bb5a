package jane.notebook.magics;

import jane.compile.Lowering;
import jane.ir.DType;
import jane.nn.LayerGraph;
import jane.notebook.magics.view.ProgramSketch;
import jane.tensor.TensorGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code %mil model SHAPE}: the program text. */
public final class MilMagic extends SubjectMagic {
    /** Looks values up in {@code subjects}. */
    public MilMagic(Subjects subjects) {
        super(subjects);
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
    public List<Option> options() {
        return List.of(
                new Option("brief", "", "short constants in their places, to read it"),
                new Option("baked", "", "a model's weights as constants, for inference"),
                new Option("half", "", "a model in fp16, as a Neural Engine takes it"));
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
        var program =
                subject(
                        call,
                        trainer -> {
                            trainer.step().build(trainer.nextBatch());
                            return trainer.step().program();
                        },
                        tensor -> Lowering.program(TensorGraph.of(tensor).graph(), Map.of()),
                        (model, shape) -> {
                            var graph =
                                    call.has("baked")
                                            ? LayerGraph.baked(model, shape)
                                            : LayerGraph.of(model, shape);
                            var dtype = call.has("half") ? DType.FP16 : DType.FP32;
                            return Lowering.program(graph.in(dtype).graph(), Map.of());
                        });
        return Optional.of(call.has("brief") ? ProgramSketch.of(program) : program);
    }
}
