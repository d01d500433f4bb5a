package jane.engine;

import jane.engine.power.Pacing;
import jane.engine.power.Qos;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.TensorType;
import jane.mil.Program;
import jane.target.Target;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Something that runs MIL programs. */
public interface Engine extends AutoCloseable {
    /** The name a user chooses it by: {@code cpu}, {@code sim:m5}, {@code ane}. */
    String name();

    /** One line for a person: what runs, on how many threads, with which kernels. */
    String description();

    /** What the engine would rather compute in: fp32, or fp16 where it knows nothing else. */
    default DType precision() {
        return DType.FP32;
    }

    /** The chip whose rules programs must keep; empty for an engine that takes any. */
    default Optional<Target> target() {
        return Optional.empty();
    }

    /** How training spares the machine on this engine unless the user says otherwise. */
    default Pacing pacing() {
        return Pacing.NONE;
    }

    /**
     * How urgent the work of this engine is to the system, from now on.
     *
     * @throws JaneException if engine or system know no such thing
     */
    default void qos(Qos qos) {
        throw new JaneException(
                "engine",
                "%s has no quality of service, asked for %s; need ane or ane:inprocess on a Mac",
                name(),
                qos.word());
    }

    /**
     * Plans a program once, to be run many times.
     *
     * @throws JaneException if the text, its types or its blobs are wrong
     */
    Executable compile(Program program);

    /** A zeroed buffer that programs of this engine can be bound to. */
    Buffer allocate(TensorType type);

    /** Runs tasks 0 to {@code count - 1}, in any order, on the threads the engine has. */
    default void parallel(int count, IntConsumer task) {
        for (int i = 0; i < count; i++) {
            task.accept(i);
        }
    }

    /** Ends the engine's threads; programs compiled by it no longer run. */
    @Override
    void close();
}
