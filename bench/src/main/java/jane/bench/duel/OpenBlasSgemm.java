package jane.bench.duel;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The same product by OpenBLAS on threads of its own. */
final class OpenBlasSgemm implements Contender {
    /** What is called of OpenBLAS; names are its own. */
    interface OpenBlas extends Library {
        /** How many threads a product may use. */
        void openblas_set_num_threads(int threads);

        /** {@code c = alpha a b + beta c}; order 101 is row-major, 111 not transposed. */
        void cblas_sgemm(
                int order,
                int transA,
                int transB,
                int m,
                int n,
                int k,
                float alpha,
                Pointer a,
                int lda,
                Pointer b,
                int ldb,
                float beta,
                Pointer c,
                int ldc);
    }

    private static final String RESOURCES = "/org/bytedeco/openblas/linux-x86_64/";
    private static final int ALIGNMENT = 64;

    private final OpenBlas library;
    private final MatrixShape shape;
    private final Pointer a;
    private final Pointer b;
    private final Pointer c;

    private OpenBlasSgemm(OpenBlas library, MatrixShape shape) {
        this.library = library;
        this.shape = shape;
        a = filled("a", shape.m() * shape.k());
        b = filled("b", shape.k() * shape.n());
        c = filled("c", shape.m() * shape.n());
    }

    /**
     * Loads the library.
     *
     * @param file the library, or empty for the one in the jar
     */
    static OpenBlasSgemm start(MatrixShape shape, String file) {
        var library = Native.load(file.isEmpty() ? unpacked() : file, OpenBlas.class);
        library.openblas_set_num_threads(RivalMain.THREADS);
        return new OpenBlasSgemm(library, shape);
    }

    /** OpenBLAS needs the other three, which are found once they are in the process. */
    private static String unpacked() {
        try {
            var folder = Files.createTempDirectory("jane-bench");
            String last = "";
            for (var name :
                    List.of(
                            "libquadmath.so.0",
                            "libgcc_s.so.1",
                            "libgfortran.so.5",
                            "libopenblas.so.0")) {
                Path file = folder.resolve(name);
                try (var in = OpenBlasSgemm.class.getResourceAsStream(RESOURCES + name)) {
                    if (in == null) {
                        throw new IOException("no resource " + RESOURCES + name);
                    }
                    Files.copy(in, file);
                }
                file.toFile().deleteOnExit();
                System.load(file.toString());
                last = file.toString();
            }
            folder.toFile().deleteOnExit();
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack OpenBLAS: " + e.getMessage(), e);
        }
    }

    private static Pointer filled(String name, int count) {
        var memory = new Memory((long) Float.BYTES * count + ALIGNMENT).align(ALIGNMENT);
        memory.write(0, MatrixShape.random(name, count), 0, count);
        return memory;
    }

    @Override
    public void run() {
        int n = shape.n();
        int k = shape.k();
        library.cblas_sgemm(101, 111, 111, shape.m(), n, k, 1, a, k, b, n, 0, c, n);
    }

    @Override
    public double result() {
        double sum = 0;
        for (float y : c.getFloatArray(0, shape.m() * shape.n())) {
            sum += Math.abs(y);
        }
        return sum / shape.m() / shape.n();
    }

    @Override
    public void close() {
        library.openblas_set_num_threads(1);
    }
}
