package jane.engine.ane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A worker whose framework is the stand-in. Arguments after the worker's own: the folder of the
 * libraries, and a folder where a file {@code die} or {@code hang} tells the next run to do so, and
 * {@code idle} that programs compute nothing, {@code cap} how many operations the device takes, and
 * in {@code qos} the next run writes its thread's class.
 */
final class StandInWorker {
    private StandInWorker() {}

    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[1]);
        var orders = Path.of(args[2]);
        var standIn = StandIn.in(folder);
        standIn.before(() -> obey(folder, orders));
        if (Files.exists(orders.resolve("idle"))) { // for the time of everything but the program
            standIn.controls().standin_reset();
        }
        if (Files.exists(orders.resolve("cap"))) {
            var operations = Files.readString(orders.resolve("cap"));
            standIn.controls().standin_set_cap(Long.parseLong(operations));
        }
        Worker.serve(
                args,
                () ->
                        NativeBridge.open(
                                Optional.of(folder.resolve("libjaneane.so").toString()),
                                Optional.of(folder.resolve("libjaneespresso.so").toString()),
                                Device.ANE,
                                Optional.of(folder.resolve("libjanepower.so").toString())));
    }

    private static void obey(Path folder, Path orders) {
        try {
            if (Files.exists(orders.resolve("qos"))) {
                int qos = PowerStandIn.in(folder).qos_class_self();
                Files.writeString(orders.resolve("qos"), Integer.toString(qos));
            }
            if (Files.deleteIfExists(orders.resolve("die"))) {
                Runtime.getRuntime().halt(139);
            }
            if (Files.deleteIfExists(orders.resolve("hang"))) {
                new CountDownLatch(1).await();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
