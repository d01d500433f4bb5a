package jane.engine.ane;

import jane.target.Route;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A worker whose framework is the stand-in. Arguments after the worker's own: the folder of the
 * libraries, and a folder where a file {@code die} or {@code hang} tells the next run to do so,
 * {@code fill} to fill the heap, {@code babble} to write to standard output; {@code die-starting}
 * and {@code die-compiling} tell the next start and compile, and {@code idle} that programs compute
 * nothing, {@code cap} how many operations the device takes, and in {@code qos} the next run writes
 * its thread's class; and the route, if it is not e5rt.
 */
final class StandInWorker {
    private StandInWorker() {}

    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[2]);
        var orders = Path.of(args[3]);
        var route = args.length > 4 ? Route.valueOf(args[4]) : Route.E5RT;
        if (Files.deleteIfExists(orders.resolve("die-starting"))) {
            Runtime.getRuntime().halt(139);
        }
        var standIn = StandIn.in(folder, route);
        standIn.before(() -> obey(folder, orders));
        if (Files.exists(orders.resolve("idle"))) { // for the time of everything but the program
            standIn.controls().standin_reset();
        }
        if (Files.exists(orders.resolve("cap"))) {
            var operations = Files.readString(orders.resolve("cap"));
            standIn.controls().standin_set_cap(Long.parseLong(operations));
        }
        Worker.serve(args, () -> mortal(orders, StandIn.bridge(folder, Device.ANE, route)));
    }

    /** The bridge, which ends the process in a compile if it is told so. */
    private static Bridge mortal(Path orders, Bridge bridge) {
        InvocationHandler handler =
                (proxy, method, args) -> {
                    if (method.getName().equals("compile")
                            && Files.deleteIfExists(orders.resolve("die-compiling"))) {
                        Runtime.getRuntime().halt(139);
                    }
                    try {
                        return method.invoke(bridge, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                };
        var loader = Bridge.class.getClassLoader();
        return (Bridge) Proxy.newProxyInstance(loader, new Class<?>[] {Bridge.class}, handler);
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
            if (Files.deleteIfExists(orders.resolve("fill"))) {
                var filled = new ArrayList<long[]>();
                while (true) {
                    filled.add(new long[Integer.MAX_VALUE / 2]);
                }
            }
            if (Files.deleteIfExists(orders.resolve("babble"))) { // more than a pipe holds
                try (var out = new FileOutputStream("/proc/self/fd/1")) {
                    out.write(new byte[300_000]);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
