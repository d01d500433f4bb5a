package jane.engine.ane;

import jane.engine.power.Qos;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open route to the device: {@code native/ane/jane_ane.h} in Java's words. In this process it is
 * the library itself; isolated, it is a worker process that has the library.
 *
 * <p><b>Errors.</b> {@link AneException}.
 */
interface Bridge extends AutoCloseable {
    /** Lines {@code key=value} about the route, the framework and the chip. */
    String describe();

    /** A folder for programs, empty at first; deleted on close, and when this process ends. */
    Path folder();

    /**
     * Compiles {@code dir/model.mil}.
     *
     * @param title what to call the program in errors
     * @param dir the program's folder; stays until {@link Handle#release}
     * @param cache an empty folder for what the compiler writes
     */
    Handle compile(String title, Path dir, Path cache);

    /**
     * Compiles, loads and runs with this urgency from now on.
     *
     * @throws AneException if the system has no such thing, or refuses
     */
    void qos(Qos qos);

    @Override
    void close();

    /** A compiled program. */
    interface Handle {
        /** Puts the program onto the device. */
        void load();

        /**
         * Loads the program again, from blob files that were overwritten in its folder, without a
         * compile; on the in-memory route alone. Ports stay.
         */
        void reload();

        /** Makes the memory of a port. */
        Port port(String name, boolean isOutput, TensorType type);

        /** Lets {@code input} read what {@code output} wrote; before the first run. */
        void alias(String output, String input);

        /** All ports are made and aliased: does what {@link #load} has put off until then. */
        default void ready() {}

        /** Runs once; returns when the outputs are written. */
        void run();

        /** Nanoseconds the hardware spent in the last run, -1 if the system does not tell. */
        long hardwareNanos();

        /** Frees the program and the memory of its ports. */
        void release();
    }

    /** Where a port's elements are: dense, row-major, native order, padded to 64 bytes. */
    interface Port {
        /** The memory now; after a run it may be other memory. */
        ByteBuffer memory();

        /** Somebody else than the program has written it since the last run. */
        default void changed() {}
    }
}
