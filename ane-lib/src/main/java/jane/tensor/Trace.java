package jane.tensor;

import jane.engine.Executable;
import jane.ir.TensorType;
import jane.mil.Program;
import java.util.List;

/** Is told what the session compiles and computes; does nothing unless overridden. */
public interface Trace {
    /** A program was compiled. */
    default void compiled(Program program, Executable executable, double millis) {}

    /** Tensors were looked at and therefore computed. */
    default void evaluated(List<TensorType> results, Executable executable, double millis) {}
}
