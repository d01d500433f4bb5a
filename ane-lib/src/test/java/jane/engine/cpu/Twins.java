package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.Half;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Random views on memory of random contents, and kernels that are run twice on it. */
final class Twins {
    private static final float[] UGLY = {
        0,
        -0.0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        1e-42f,
        -1e-42f,
        Float.MAX_VALUE,
        65519,
        65520,
        1,
        -1
    };

    private final Random random;
    private final List<Storage> storages = new ArrayList<>();
    private final Map<Storage, byte[]> contents = new HashMap<>();

    Twins(Random random) {
        this.random = random;
    }

    /** Lengths, now and then 1, of at most {@code most} elements together. */
    int[] dims(int rank, int most) {
        var dims = new int[rank];
        int left = most;
        for (int i = 0; i < rank; i++) {
            int bound = Math.max(1, (int) Math.pow(left, 1.0 / (rank - i)) * 2);
            dims[i] = random.nextInt(6) == 0 ? 1 : 1 + random.nextInt(Math.min(left, bound));
            left /= dims[i];
        }
        return dims;
    }

    /** A view to read; {@code wild} ones are sliced, flipped, transposed and broadcast. */
    View view(DType dtype, int[] dims, boolean wild) {
        int style = wild ? random.nextInt(5) : 0;
        if (style == 4 && dims.length > 0) {
            var small = dims.clone();
            for (int i = 0; i < dims.length; i++) {
                small[i] = random.nextBoolean() ? 1 : dims[i];
            }
            return target(dtype, small).broadcastTo(dims);
        }
        return style == 0 ? dense(dtype, dims) : target(dtype, dims);
    }

    /** A view that has a place of its own for each element. */
    View target(DType dtype, int[] dims) {
        int rank = dims.length;
        if (random.nextInt(3) == 0) {
            return dense(dtype, dims);
        }
        var perm = permutation(rank);
        var larger = new int[rank];
        var steps = new int[rank];
        var begins = new int[rank];
        for (int i = 0; i < rank; i++) {
            steps[i] = random.nextInt(3) == 0 ? 2 : 1;
            begins[i] = random.nextInt(3);
            larger[i] = begins[i] + dims[perm[i]] * steps[i] + random.nextInt(2);
        }
        var view = dense(dtype, larger);
        var inverse = new int[rank];
        for (int i = 0; i < rank; i++) {
            view = view.slice(i, begins[i], dims[perm[i]], steps[i]);
            if (random.nextInt(4) == 0) {
                view = view.flip(i);
            }
            inverse[perm[i]] = i;
        }
        return view.transpose(inverse);
    }

    private int[] permutation(int rank) {
        var perm = new int[rank];
        for (int i = 0; i < rank; i++) {
            int k = random.nextInt(i + 1);
            perm[i] = perm[k];
            perm[k] = i;
        }
        return perm;
    }

    private View dense(DType dtype, int[] dims) {
        var storage = Storage.scratch(storages.size(), new TensorType(dtype, Shape.of(dims)));
        storages.add(storage);
        contents.put(storage, fill(storage.type));
        return View.dense(storage);
    }

    private byte[] fill(TensorType type) {
        var bytes =
                ByteBuffer.allocate((int) type.sizeBytes()).order(java.nio.ByteOrder.nativeOrder());
        boolean ugly = random.nextInt(3) == 0;
        for (int i = 0; i < type.shape().size(); i++) {
            float x = (float) random.nextGaussian() * 3;
            x = ugly && random.nextInt(5) == 0 ? UGLY[random.nextInt(UGLY.length)] : x;
            switch (type.dtype()) {
                case FP32 -> bytes.putFloat(x);
                case FP16 -> bytes.putShort(Half.fromFloat(x));
                case BOOL -> bytes.put((byte) random.nextInt(2));
                default -> bytes.putInt(random.nextInt());
            }
        }
        return bytes.array();
    }

    /** Fails unless the kernels of both kinds leave the same bits in all memory. */
    void compare(Function<Kernels, Kernel> maker, String what) {
        var installed = (NativeKernels) InstalledKernels.get();
        var java = run(new JavaKernels("Java kernels"), maker, "");
        var fast = run(installed, maker, what);
        for (var storage : storages) {
            compare(storage, java.bytes(storage.id), fast.bytes(storage.id), what);
        }
    }

    private static void compare(Storage storage, ByteBuffer java, ByteBuffer fast, String what) {
        int n = storage.type.shape().size();
        for (int i = 0; i < n; i++) {
            boolean same =
                    switch (storage.type.dtype()) {
                        case FP32 -> same(java.getFloat(4 * i), fast.getFloat(4 * i));
                        case FP16 ->
                                same(
                                        Half.toFloat(java.getShort(2 * i)),
                                        Half.toFloat(fast.getShort(2 * i)));
                        case BOOL -> java.get(i) == fast.get(i);
                        default -> java.getInt(4 * i) == fast.getInt(4 * i);
                    };
            if (!same) {
                fail(what + ": element " + i + " of " + storage.type + " differs from Java's");
            }
        }
    }

    private static boolean same(float a, float b) {
        return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b) || a != a && b != b;
    }

    private Memory run(Kernels make, Function<Kernels, Kernel> maker, String what) {
        var kernel = maker.apply(make);
        if (!what.isEmpty()) {
            assertInstanceOf(Kernel.class, kernel, what);
        }
        var memory = new Memory(storages.size(), make::address);
        for (var storage : storages) {
            var bytes = Buffer.directBytes(storage.type.sizeBytes());
            bytes.put(0, contents.get(storage));
            memory.set(storage, bytes);
        }
        var scratch = new Scratch(1);
        kernel.reserve(scratch);
        scratch.allocate(make);
        try (var workers = new Workers(1)) {
            kernel.run(memory, scratch, workers);
        }
        return memory;
    }
}
