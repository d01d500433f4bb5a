package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.compile.Part;
import jane.data.Dataset;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.notebook.RecordingNotebook;
import jane.notebook.chart.HtmlTable;
import jane.optim.Sgd;
import jane.tensor.Session;
import jane.train.Trainer;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PlaceMagicTest {
    private static final String TRAINER =
            "var trainer = Trainer.of(new Sequential(new Linear(64, 256), new ReLU(), new"
                    + " Linear(256, 2)), Loss.crossEntropy(), Sgd.of(0.1), Dataset.of(\"zeros\","
                    + " Shape.of(64), new float[64 * 64], new int[64], 2)).batchSize(64);";

    private final RecordingNotebook notebook = new RecordingNotebook();

    @AfterEach
    void onTheProcessorAgain() {
        Session.current().use("cpu", 2);
    }

    @Test
    void tellsWhatRunsWhereAndWhy() throws Exception {
        Session.current().use("sim:m5:fast", 1);
        notebook.cell(TRAINER);
        var result = (HtmlTable) notebook.magic("%place trainer").orElseThrow();
        var table = result.display().toString();
        assertTrue(table.contains("of the arithmetic on m5, in 5 parts"), table);
        assertTrue(table.contains("matmul"), table);
        assertTrue(table.contains("computes in fp32"), table);
    }

    @Test
    void theInMemoryRouteTellsItsSurfaces() throws Exception {
        Session.current().use("sim:m5@26/inmem:fast", 1);
        notebook.cell(TRAINER);
        var result = (HtmlTable) notebook.magic("%place trainer").orElseThrow();
        var table = result.display().toString();
        assertTrue(table.contains("of the arithmetic on m5/inmem, in 5 parts; packed"), table);
        assertTrue(table.matches("(?s).*part 2: in \\[x_in \\[1, \\d+, 1, \\d+\\] of .*"), table);
        assertTrue(table.matches("(?s).*out \\[y_out0 \\[1, \\d+, 1, \\d+\\] of 1 value.*"), table);
    }

    @Test
    void aPartThatTheEngineDidNotTakeIsOnTheProcessorForThatReason() {
        Session.current().use("sim:m5:fast", 1);
        var trainer =
                Trainer.of(
                                new Sequential(new Linear(64, 256), new Linear(256, 2)),
                                Loss.crossEntropy(),
                                Sgd.of(0.1),
                                Dataset.of("z", Shape.of(64), new float[4096], new int[64], 2))
                        .batchSize(64);
        trainer.step().build(trainer.nextBatch());
        var placement = trainer.step().placement().orElseThrow();
        var all = new HashMap<Integer, String>();
        for (int i = 0; i < placement.parts().size(); i++) {
            if (placement.parts().get(i).side() == Part.Side.DEVICE) {
                all.put(i + 1, "the compiler said no");
            }
        }
        assertTrue(placement.share() > 0.5 && !all.isEmpty());
        var table = PlaceMagic.table(placement, all).display().toString();
        assertTrue(table.contains("the compiler said no"), table);
        assertTrue(table.contains("0.0 % of the arithmetic on m5"), table);
    }

    @Test
    void anEngineWithoutATargetHasNoPlaces() {
        notebook.cell(TRAINER);
        var e = assertThrows(JaneException.class, () -> notebook.magic("%place trainer"));
        assertTrue(e.getMessage().contains("choose one with a target, such as sim:m5:fast"));
    }
}
