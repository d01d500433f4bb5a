package jane.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.Graph;
import jane.ir.JaneException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TensorGraphTest {
    private static List<String> names(List<Graph.Port> ports) {
        return ports.stream().map(Graph.Port::name).toList();
    }

    @Test
    void scalarMadeOfParametersComesWithGradients() {
        var w = Parameter.of("w", Tensor.ones(2));
        var made = TensorGraph.of(w.mul(Tensor.of(3, 4)).sum());
        assertEquals(Set.of("w", "x1"), Set.copyOf(names(made.graph().inputs())));
        assertEquals(List.of("y", "d_w"), names(made.graph().outputs()));
        assertEquals(Set.of("w"), made.parameters());
        assertTrue(made.isForward(made.graph().outputs().get(0).value()));
        assertFalse(made.isForward(made.graph().outputs().get(1).value()));
    }

    @Test
    void otherTensorsComeAlone() {
        var made = TensorGraph.of(Tensor.of(3, 4).add(1));
        assertEquals(List.of("y"), names(made.graph().outputs()));
        assertEquals(Set.of(), made.parameters());
    }

    @Test
    void plainValuesHaveNoGraph() {
        var e = assertThrows(JaneException.class, () -> TensorGraph.of(Tensor.ones(2)));
        assertEquals(
                "[graph] tensor<fp32, [2]> is plain values: nothing is left to compute. Look at a"
                        + " result before its values are looked at, or at one made of a Parameter",
                e.getMessage());
    }

    @Test
    void traceIsToldOfCompilingAndComputing() {
        var told = new java.util.ArrayList<String>();
        Session.current()
                .trace(
                        new Trace() {
                            @Override
                            public void compiled(
                                    jane.mil.Program program,
                                    jane.engine.Executable executable,
                                    double millis) {
                                told.add("compiled");
                            }

                            @Override
                            public void evaluated(
                                    List<jane.ir.TensorType> results,
                                    jane.engine.Executable executable,
                                    double millis) {
                                told.add("computed " + results);
                            }
                        });
        try {
            Tensor.of(1, 2, 3, 4, 5, 6, 7).exp().add(Tensor.ones(7)).eval();
            Tensor.of(7, 6, 5, 4, 3, 2, 1).exp().add(Tensor.ones(7)).eval();
        } finally {
            Session.current().trace(new Trace() {});
        }
        Tensor.of(1, 2, 3, 4, 5, 6, 7).exp().eval();
        assertEquals(
                List.of("compiled", "computed [tensor<fp32, [7]>]", "computed [tensor<fp32, [7]>]"),
                told);
    }
}
