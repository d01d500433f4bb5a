package jane.engine.cpu;

import jane.engine.Buffer;
import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;

/** Runs single kernels on views of any strides, to compare those of two languages. */
final class KernelRuns {
    private final Kernels kernels;
    private final Random random;
    private final List<Storage> storages = new ArrayList<>();
    private final List<double[]> contents = new ArrayList<>();

    KernelRuns(Kernels kernels, Random random) {
        this.kernels = kernels;
        this.random = random;
    }

    /** The native kernels of this process, or skips the test and says why. */
    static Kernels nativeKernels() {
        var kernels = InstalledKernels.get();
        Assumptions.assumeTrue(kernels instanceof NativeKernels, kernels.description());
        return kernels;
    }

    /** Does something at each level that this processor has. */
    static void atEveryLevel(IntConsumer test) {
        int before = KernelLibrary.jane_kernels_level();
        try {
            for (int level = KernelLibrary.SCALAR; level <= KernelLibrary.AVX512; level++) {
                if (KernelLibrary.jane_kernels_force(level) == KernelLibrary.OK) {
                    test.accept(level);
                }
            }
        } finally {
            KernelLibrary.check(KernelLibrary.jane_kernels_force(before));
        }
    }

    /** A view into memory of its own: axes in any order, with gaps, some backward, at an offset. */
    View view(DType dtype, DoubleSupplier values, int... dims) {
        return view(random.nextInt(3) == 0, dtype, values, dims);
    }

    /** A view of all of its memory, in order. */
    View dense(DType dtype, DoubleSupplier values, int... dims) {
        return view(true, dtype, values, dims);
    }

    private View view(boolean dense, DType dtype, DoubleSupplier values, int... dims) {
        int rank = dims.length;
        var order = new ArrayList<Integer>();
        for (int i = 0; i < rank; i++) {
            order.add(dense ? i : random.nextInt(order.size() + 1), i);
        }
        var steps = new int[rank];
        var begins = new int[rank];
        var sizes = new int[rank];
        for (int i = 0; i < rank; i++) {
            steps[i] = dense || random.nextInt(3) > 0 ? 1 : 2;
            begins[i] = dense ? 0 : random.nextInt(3);
            int to = order.indexOf(i);
            sizes[to] = begins[i] + dims[i] * steps[i];
        }
        var storage =
                Storage.input(
                        storages.size(),
                        new TensorType(dtype, Shape.of(sizes)),
                        "x" + storages.size());
        storages.add(storage);
        var data = new double[storage.type.shape().size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = values.getAsDouble();
        }
        contents.add(data);
        var perm = new int[rank];
        for (int i = 0; i < rank; i++) {
            perm[i] = order.indexOf(i);
        }
        var view = View.dense(storage).transpose(perm);
        for (int i = 0; i < rank; i++) {
            view = view.slice(i, begins[i], dims[i], steps[i]);
            view = !dense && random.nextInt(6) == 0 ? view.flip(i) : view;
        }
        return view;
    }

    /** What is in the whole memory of {@code result}, its gaps too, after a run. */
    double[] run(Kernel kernel, View result, int threads) {
        var memory = new Memory(storages.size(), kernels::address);
        var buffers = new ArrayList<ByteBuffer>();
        for (var storage : storages) {
            var bytes = Buffer.directBytes(storage.type.sizeBytes());
            var values = ConstData.of(storage.type, contents.get(storage.id)).bytes();
            bytes.put(0, values, 0, (int) storage.type.sizeBytes());
            buffers.add(bytes.order(ByteOrder.nativeOrder()));
            memory.set(storage, bytes);
        }
        var scratch = new Scratch(threads);
        kernel.reserve(scratch);
        scratch.allocate(kernels);
        try (var workers = new Workers(threads)) {
            kernel.run(memory, scratch, workers);
        }
        var storage = result.storage;
        var values = new double[storage.type.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ConstData.get(buffers.get(storage.id), storage.type.dtype(), i);
        }
        return values;
    }
}
