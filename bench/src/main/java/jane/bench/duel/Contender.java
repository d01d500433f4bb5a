package jane.bench.duel;

import java.nio.file.Path;

/** One side of a duel, in a process of its own. */
interface Contender extends AutoCloseable {
    /** Does the work once: a training step on a new batch, or one product. */
    void run();

    /** A number that the work came to, read after {@link #run}: both sides must agree on it. */
    double result();

    @Override
    void close();

    /**
     * The contender of this description.
     *
     * @param kind {@code jane-step}, {@code djl-step}, {@code djl-stock-step}, {@code jane-sgemm}
     *     or {@code openblas-sgemm}
     * @param what name of a {@link Training}, or a shape such as {@code 256x768x768}
     * @param file first weights of a training, or the OpenBLAS library to load; may be empty
     */
    static Contender of(String kind, String what, String file) {
        return switch (kind) {
            case "jane-step" -> JaneStep.start(Training.named(what), Path.of(file));
            case "djl-step" -> DjlStep.start(Training.named(what), Path.of(file), false);
            case "djl-stock-step" -> DjlStep.start(Training.named(what), Path.of(file), true);
            case "jane-sgemm" -> JaneSgemm.start(MatrixShape.parse(what));
            case "openblas-sgemm" -> OpenBlasSgemm.start(MatrixShape.parse(what), file);
            default -> throw new IllegalArgumentException("no contender '" + kind + "'");
        };
    }
}
