package jane.engine.ane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that used the engine and ended, in whatever way, leaves neither files nor workers. */
class LeftBehindTest {
    private static final Pattern WORKER = Pattern.compile("in worker process (\\d+):");

    @TempDir private Path shared;
    @TempDir private Path temporary;
    @TempDir private Path orders;
    private Process owner;
    private BufferedReader says;

    private String start(String engine, String end) throws IOException {
        var standIns = StandIn.folder();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Owner.class.getName(), engine, end, shared.toString()));
        command.addAll(List.of(temporary.toString(), standIns.toString(), orders.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JANE_ANE", standIns.resolve("libjaneane.so").toString());
        builder.environment()
                .put("JANE_ANE_FRAMEWORK", standIns.resolve("libjaneespresso.so").toString());
        owner = builder.start();
        says = owner.inputReader();
        return says.readLine();
    }

    @AfterEach
    void end() {
        if (owner != null) { // else the test was skipped
            owner.destroyForcibly();
        }
    }

    private static ProcessHandle worker(String said) {
        var match = WORKER.matcher(said);
        assertTrue(match.find(), said);
        return ProcessHandle.of(Long.parseLong(match.group(1))).orElseThrow();
    }

    private void assertNothingIsLeft(ProcessHandle worker) throws Exception {
        worker.onExit().get(20, TimeUnit.SECONDS);
        owner.waitFor();
        var own = "jane-ane-" + owner.pid() + "-";
        for (var folder : List.of(shared, temporary, SharedMemory.usual())) {
            try (var files = Files.list(folder)) {
                var left = files.map(Path::getFileName).map(Path::toString);
                assertEquals(List.of(), left.filter(name -> name.startsWith(own)).toList());
            }
        }
    }

    @Test
    void aNotebookThatChoosesAneHasItInAWorkerWhichEndsWithIt() throws Exception {
        var said = start("ane", "exit");
        assertTrue(said.startsWith("ane:isolated in worker process "), said);
        assertNothingIsLeft(worker(said));
        assertEquals("ran", says.readLine());
        assertEquals(0, owner.exitValue());
    }

    @Test
    void theEngineIsInThisProcessWhenAskedByName() throws Exception {
        var said = start("ane:inprocess", "exit");
        assertEquals("ane:inprocess in this process: a crash ends it", said);
        assertEquals("ran", says.readLine());
        assertNothingIsLeft(owner.toHandle());
    }

    @Test
    void aKilledProcessTakesItsWorkerAlong() throws Exception {
        var worker = worker(start("ane", "wait"));
        assertEquals("ran", says.readLine());
        Kills.signal("KILL", owner.pid());
        assertNothingIsLeft(worker);
    }

    @Test
    void aKilledProcessTakesAWorkerAlongThatHangs() throws Exception {
        var worker = worker(start("hang", "wait"));
        assertEquals("ran", says.readLine());
        Kills.signal("KILL", owner.pid());
        assertNothingIsLeft(worker);
    }

    @Test
    void aProcessThatEndsTakesAWorkerAlongThatHangs() throws Exception {
        var worker = worker(start("hang", "exit"));
        assertEquals("ran", says.readLine());
        assertNothingIsLeft(worker);
    }
}
