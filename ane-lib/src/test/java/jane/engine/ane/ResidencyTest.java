package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.target.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slots, compiles and waits under random load, against a model of a few lines. */
class ResidencyTest {
    private static final int PROGRAMS = 9;

    private final AtomicLong clock = new AtomicLong();
    private StandIn standIn;

    @AfterEach
    void forgetFailures() {
        if (standIn != null) {
            standIn.controls().standin_reset();
        }
    }

    private AneEngine engine(int slots) {
        var folder = StandIn.folder();
        standIn = StandIn.in(folder);
        var m5 = Target.named("m5");
        return new AneEngine("ane", m5, StandIn.bridge(folder), slots, clock::get, text -> {});
    }

    /** Programs with one binding each, and which of them the model says are resident. */
    private static final class Load {
        final List<Executable> executables = new ArrayList<>();
        final List<Buffer> inputs = new ArrayList<>();
        final List<Buffer> outputs = new ArrayList<>();
        final List<Binding> bindings = new ArrayList<>();
        final LinkedHashSet<Integer> resident = new LinkedHashSet<>(); // least recently run first
        final int slots;
        int compiles;

        Load(AneEngine ane, int slots) {
            this.slots = slots;
            for (int i = 0; i < PROGRAMS; i++) {
                used(i);
                var executable = ane.compile(Steps.sum(i + 2));
                executables.add(executable);
                inputs.add(ane.allocate(executable.inputs().get("x")));
                outputs.add(ane.allocate(executable.outputs().get("y")));
                bindings.add(executable.bind(Map.of("x", inputs.get(i), "y", outputs.get(i))));
            }
        }

        /** The most recent now; another one makes room. */
        void used(int i) {
            if (!resident.remove(i)) {
                compiles++;
                if (resident.size() == slots) {
                    resident.remove(resident.iterator().next());
                }
            }
            resident.add(i);
        }

        void run(int i, Random random) {
            var x = new float[64];
            x[63] = random.nextInt(20);
            inputs.get(i).put(x);
            bindings.get(i).run();
            assertEquals((i + 2) * x[63], outputs.get(i).get(63));
        }

        List<Integer> onTheDevice() {
            var found = new ArrayList<Integer>();
            for (int i = 0; i < PROGRAMS; i++) {
                if (executables.get(i).plan().get(0).endsWith(", on the device")) {
                    found.add(i);
                }
            }
            return found;
        }
    }

    @Test
    void thoseThatRanLastAreResidentAndNeverMoreThanThereAreSlots() {
        for (int slots : new int[] {1, 2, 5, PROGRAMS}) {
            try (var ane = engine(slots)) {
                var random = new Random(slots);
                var load = new Load(ane, slots);
                for (int action = 0; action < 150; action++) {
                    int i = random.nextInt(random.nextInt(PROGRAMS) + 1); // some far more often
                    load.used(i);
                    load.run(i, random);
                    var said = "slots and seed " + slots + ", action " + action;
                    assertEquals(
                            load.resident.stream().sorted().toList(), load.onTheDevice(), said);
                    assertEquals(load.resident.size(), standIn.resident(), said);
                    assertEquals(load.compiles, ane.compiled(), said);
                }
            }
            assertEquals(0, standIn.alive());
        }
    }

    @Test
    void whateverFailsNeverMoreAreResidentAndTheNextRunIsRight() {
        var calls =
                List.of(
                        "e5rt_e5_compiler_compile",
                        "e5rt_execution_stream_execute_sync",
                        "e5rt_execution_stream_operation_create_precompiled_compute"
                                + "_operation_with_options");
        try (var ane = engine(4)) {
            var random = new Random(3);
            var load = new Load(ane, 4);
            int failures = 0;
            for (int action = 0; action < 300; action++) {
                int i = random.nextInt(PROGRAMS);
                if (random.nextInt(3) == 0) {
                    standIn.controls().standin_fail(calls.get(random.nextInt(3)), 1, 7);
                }
                try {
                    load.run(i, random);
                } catch (AneException e) {
                    failures++;
                }
                standIn.controls().standin_fail("", 0, 0);
                int number = action;
                assertTrue(standIn.resident() <= 4, () -> "seed 3, action " + number);
                assertEquals(standIn.resident(), ane.resident(), () -> "action " + number);
                clock.addAndGet(60_000); // all waits are over
                load.run(i, random);
            }
            assertTrue(failures > 20, "failures " + failures);
        }
        assertEquals(0, standIn.alive());
    }

    @Test
    void aRefusedProgramWaitsTwiceAsLongEachTimeAndAMinuteAtMost() {
        var backoff = new Backoff(clock::get);
        for (long wait : new long[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
            backoff.failed("a", AneStatus.ECOMPILE, "no");
            for (long at : new long[] {0, wait * 500, wait * 1000 - 1}) {
                clock.addAndGet(at);
                var e = assertThrows(AneException.class, () -> backoff.check("a"));
                assertEquals(AneStatus.ECOMPILE, e.status());
                backoff.check("b");
                clock.addAndGet(-at);
            }
            clock.addAndGet(wait * 1000);
            backoff.check("a");
        }
        backoff.succeeded("a");
        backoff.failed("a", AneStatus.ELOAD, "taken");
        clock.addAndGet(1000);
        backoff.check("a");
    }
}
