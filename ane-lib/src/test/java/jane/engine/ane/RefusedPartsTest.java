package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.data.Batches;
import jane.data.Digits;
import jane.engine.Engine;
import jane.engine.Engines;
import jane.nn.Flatten;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.ReLU;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.target.Target;
import jane.tensor.Session;
import jane.train.Step;
import jane.train.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the device does not take runs on the CPU, with the same numbers, and is told. */
class RefusedPartsTest extends OverStandIn {
    private static final String COMPILE = "e5rt_e5_compiler_compile";
    private static final String LOAD =
            "e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options";

    private final List<String> refusals = new ArrayList<>();
    private Step step;
    private StepReport report;

    /** The weights after six steps; keeps step, last report and what was not taken. */
    private List<List<Double>> train(Engine engine, IntConsumer beforeStep) {
        Session.current().use(engine, 1);
        try {
            Session.current().seed(1);
            var model =
                    new Sequential(
                            new Flatten(), new Linear(784, 64), new ReLU(), new Linear(64, 10));
            step = Step.of(model, Loss.crossEntropy(), Adam.of(0.01));
            int i = 0;
            for (var batch : Batches.of(Digits.train(96, 3), 16).epoch(0)) {
                beforeStep.accept(i++);
                report = step.run(batch);
            }
            refusals.addAll(Session.current().refusals());
            return model.parameters().values().stream().map(p -> Steps.values(p.buffer())).toList();
        } finally {
            Session.current().use("cpu", 2);
        }
    }

    private List<List<Double>> expected() {
        try (var same = Engines.open("sim:m5:fast", 1)) {
            return train(same, i -> {});
        }
    }

    private void fail(String call) {
        standIn.controls().standin_fail(call, 1, 7);
    }

    @Test
    void aPartThatTheCompilerRefusesRunsOnTheCpuAndEveryReportSaysSo() {
        var expected = expected();
        assertEquals(List.of(), report.fallbacks());
        try (var ane = engine(127)) {
            var found = train(ane, i -> failAt(i, 0, COMPILE));
            assertEquals(expected, found);
            assertTrue(ane.resident() > 0, "the other parts are on the device");
            assertToldOnce(COMPILE, "ECOMPILE");
        }
        assertEquals(0, standIn.alive());
    }

    private void failAt(int step, int wanted, String call) {
        if (step == wanted) {
            fail(call);
        }
    }

    /** One part fell: step, report, plan and session name the call and the status. */
    private void assertToldOnce(String call, String status) {
        var fallbacks = step.fallbacks();
        assertEquals(1, fallbacks.size(), fallbacks::toString);
        int part = fallbacks.keySet().iterator().next();
        var why = fallbacks.get(part);
        assertTrue(why.contains(call) && why.contains(status), why);
        assertEquals(List.of("part " + part + " on cpu: " + why), report.fallbacks());
        var line = "-- part " + part + " of " + step.placement().orElseThrow().parts().size();
        assertTrue(
                step.plan().contains(line + " on cpu, not on ane: " + why),
                () -> step.plan().toString());
        assertEquals(1, refusals.size(), refusals::toString);
        assertTrue(refusals.get(0).contains("run on cpu, not on ane: " + why), refusals.get(0));
    }

    @Test
    void aPartThatIsRefusedInTheMiddleGoesOnWithTheStateThatItHad() {
        var expected = expected();
        try (var ane = engine(1)) { // so that other programs put it off the device
            var other = new Steps.Run(ane, Steps.sum(2));
            var found =
                    train(
                            ane,
                            i -> {
                                other.train(i, i + 1);
                                failAt(i, 4, COMPILE);
                            });
            assertEquals(expected, found);
            assertToldOnce(COMPILE, "ECOMPILE");
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void aFailureOfTheRunItselfIsAnErrorAndNoReasonToChange() {
        try (var ane = engine(127)) {
            var call = "e5rt_execution_stream_execute_sync";
            var e = assertThrows(AneException.class, () -> train(ane, i -> failAt(i, 3, call)));
            assertEquals(AneStatus.ERUN, e.status());
            assertEquals(Map.of(), step.fallbacks());
        }
    }

    @Test
    void aDeviceThatIsTakenIsAskedOnceMore() {
        try (var ane = engine(127)) {
            fail(LOAD);
            var run = new Steps.Run(ane, Steps.sum(2));
            run.train(0, 1);
            assertEquals(1, ane.resident());
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void aDeviceThatStaysTakenIsNotAskedAgainAtOnce() {
        try (var ane = engine(127)) {
            standIn.controls().standin_set_cap(1);
            var first = new Steps.Run(ane, Steps.sum(2));
            var program = Steps.sum(3);
            var e = assertThrows(AneException.class, () -> ane.compile(program));
            assertEquals(AneStatus.ELOAD, e.status());
            assertTrue(e.refused());
            int compiled = ane.compiled();
            assertEquals(
                    AneStatus.ELOAD,
                    assertThrows(AneException.class, () -> ane.compile(program)).status());
            assertEquals(compiled, ane.compiled());
            first.train(0, 1);
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void whenSlotsEndEarlierThanWeCountOneProgramMakesRoom() {
        try (var ane = engine(127)) {
            standIn.controls().standin_set_cap(111);
            var runs = new ArrayList<Steps.Run>();
            for (int i = 0; i < 113; i++) {
                runs.add(new Steps.Run(ane, Steps.sum(i + 2)));
            }
            assertEquals(111, ane.resident());
            runs.get(0).train(0, 1); // was put off, and comes back
            assertEquals(111, ane.resident());
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void anIsolatedEngineTellsWhenItCompilesWhatTheDeviceDoesNotTake(@TempDir Path orders)
            throws IOException {
        var expected = expected();
        var folder = StandIn.folder();
        Files.writeString(orders.resolve("cap"), "1");
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(folder.toString(), orders.toString()),
                        Duration.ofSeconds(60));
        var bridge = IsolatedBridge.open(settings);
        var target = Target.named("m5");
        var tries = new AtomicInteger();
        try (var ane = new AneEngine("ane:isolated", target, bridge, 127, () -> 0L, t -> {})) {
            var taken = new Steps.Run(ane, Steps.sum(2)); // the only slot
            assertEquals(expected, train(ane, i -> tries.incrementAndGet()));
            assertEquals(6, tries.get());
            assertTrue(step.fallbacks().values().stream().allMatch(w -> w.contains("ELOAD")));
            assertTrue(!step.fallbacks().isEmpty(), "a part was placed on the device");
            taken.train(0, 1);
        }
    }
}
