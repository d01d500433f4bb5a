package jane.engine.ane;

import jane.engine.Engine;
import jane.engine.Engines;
import jane.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A program that uses the engine in a process of its own, and closes nothing. Arguments: the name
 * of the engine, or {@code hang} for a worker that hangs in a run; {@code exit} to end, or {@code
 * wait} to wait for input; the folders for shared memory and programs, of the stand-ins, and of
 * orders. Prints a line of what it has, then one when it has run.
 */
final class Owner {
    private Owner() {}

    public static void main(String[] args) throws Exception {
        boolean hangs = args[0].equals("hang");
        Engine engine = hangs ? hanging(args) : Engines.open(args[0], 1);
        System.out.println(engine.name() + " " + ((AneEngine) engine).place());
        var run = new Steps.Run(engine, Steps.sum(2));
        if (hangs) {
            Files.createFile(Path.of(args[5], "hang"));
            var thread = new Thread(run::run);
            thread.setDaemon(true);
            thread.start();
            while (Files.exists(Path.of(args[5], "hang"))) { // until the worker hangs
                Thread.onSpinWait();
            }
        } else {
            run.train(0, 3);
        }
        System.out.println("ran");
        if (args[1].equals("wait")) {
            System.in.read();
        }
        System.exit(0);
    }

    private static Engine hanging(String[] args) {
        var settings =
                new WorkerSettings(
                        StandInWorker.class.getName(),
                        List.of(args[4], args[5]),
                        Duration.ofSeconds(60));
        var bridge = IsolatedBridge.open(settings, Path.of(args[2]), Path.of(args[3]));
        return new AneEngine("hang", Target.named("m5"), bridge, 127, () -> 0L, text -> {});
    }
}
