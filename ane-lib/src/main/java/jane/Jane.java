package jane;

import jane.engine.Engines;
import jane.engine.power.Pacing;
import jane.tensor.Session;
import java.util.List;

/** The session at a glance: engine and seed. */
public final class Jane {
    private Jane() {}

    /** Starts all random numbers again from {@code seed}: a run then repeats bit for bit. */
    public static void seed(long seed) {
        Session.current().seed(seed);
    }

    /** Computes on another engine from now on, with as many threads as there are processors. */
    public static void use(String engine) {
        use(engine, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Computes on another engine from now on.
     *
     * @param threads 1 to 128, or to the number of processors where there are more
     */
    public static void use(String engine, int threads) {
        Session.current().use(engine, threads);
    }

    /**
     * Spares the machine from now on: {@code
     * Jane.pace(Pacing.NONE.dutyCycle(0.5).pauseOnBattery())} lets training steps take half of the
     * time, and none on battery. Holds for every engine; without it, {@code ane} pauses while the
     * machine is too hot, and no other engine does.
     */
    public static void pace(Pacing pacing) {
        Session.current().pace(pacing);
    }

    /** One line about the engine in use. */
    public static String engine() {
        return Session.current().engine().description();
    }

    /** Engines that {@link #use} takes here. */
    public static List<String> engines() {
        return Engines.names();
    }
}
