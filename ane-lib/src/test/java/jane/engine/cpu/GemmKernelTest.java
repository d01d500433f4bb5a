package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.engine.Buffer;
import jane.ir.DType;
import jane.ir.Half;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Products by the BLAS against the Java kernel, on views as ugly as a plan can make them. */
final class GemmKernelTest {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 13, 17, 33, 64, 100};

    private final Random random = new Random(20260101);
    private final List<Storage> storages = new ArrayList<>();

    @BeforeAll
    static void needsNativeKernels() {
        var kernels = InstalledKernels.get();
        Assumptions.assumeTrue(kernels instanceof NativeKernels, kernels.description());
        Assumptions.assumeTrue(((NativeKernels) kernels).hasBlas(), kernels.description());
    }

    @Test
    void agreesWithTheJavaKernel() {
        for (int round = 0; round < 300; round++) {
            int[] batch = random.ints(random.nextInt(3), 1, 4).toArray();
            check(batch, size(), size(), size(), DType.FP32);
        }
    }

    @Test
    void agreesWithTheJavaKernelOnHalves() {
        for (int round = 0; round < 50; round++) {
            int[] batch = random.ints(random.nextInt(3), 1, 4).toArray();
            check(batch, size(), size(), size(), DType.FP16);
        }
    }

    @Test
    void halvesGiveWhatFloatsGiveRounded() {
        for (int round = 0; round < 300; round++) {
            int[] batch = random.ints(random.nextInt(3), 1, 4).toArray();
            checkHalves(batch, size(), size(), size(), round % 3 == 0);
        }
        checkHalves(new int[0], 33, 17, 20_000, false); // K cut into tasks
        checkHalves(new int[0], 600, 70, 900, false); // and into parts of one
        checkHalves(new int[] {2}, 70, 500, 500, true);
    }

    @Test
    void ourOwnKernelTakesHalvesAsTheyAre() {
        var a = dense(DType.FP16, 2, 20, 30);
        var b = dense(DType.FP16, 2, 40, 30).swapLast();
        var c = dense(DType.FP16, 2, 40, 20).swapLast();
        assertEquals(1, plan(Gemm.OWN, a, b, c).size());
        assertEquals(4, plan(Gemm.BLAS, a, b, c).size());
        var vector = dense(DType.FP16, 2, 30, 1);
        assertEquals(4, plan(Gemm.OWN, a, vector, dense(DType.FP16, 2, 20, 1)).size());
    }

    private List<Kernel> plan(Gemm gemm, View a, View b, View c) {
        var make = InstalledKernels.get();
        return new GemmPlan(gemm, make, t -> View.dense(storage(t))).matmul(a, b, c);
    }

    @Test
    void cutsALongInnerDimension() {
        check(new int[0], 33, 17, 20_000, DType.FP32);
        assertTrue(Grid.of(33, 17, 20_000, true, true).chunks() > 1);
    }

    @Test
    void cutsTheLongerSideFirstIfBothOperandsAreCopied() {
        assertEquals("4 x 1 x 1", cut(784, 256, 128, true));
        assertEquals("1 x 4 x 1", cut(128, 256, 784, true));
        assertEquals("1 x 1 x 1", cut(64, 10, 128, true));
        assertEquals("2 x 2 x 1", cut(2048, 1024, 2048, true));
        assertEquals("4 x 4 x 1", cut(4096, 4096, 4096, true));
    }

    @Test
    void cutsTheColumnsIfOnlyTheyAreCopied() {
        assertEquals("1 x 4 x 1", cut(256, 768, 768, false));
        assertEquals("1 x 4 x 1", cut(768, 768, 768, false));
        assertEquals("4 x 1 x 1", cut(784, 40, 784, false));
        assertEquals("1 x 4 x 1", cut(4096, 4096, 4096, false));
    }

    private static String cut(int m, int n, int k, boolean copiesA) {
        var grid = Grid.of(m, n, k, copiesA, true);
        return grid.rowBlocks() + " x " + grid.columnBlocks() + " x " + grid.chunks();
    }

    /** On one thread and on four, bit by bit; all of these shapes are cut. */
    @Test
    void theNumberOfThreadsDoesNotMatter() {
        for (int[] s : new int[][] {{256, 300, 500}, {500, 33, 700}, {40, 30, 30_000}}) {
            storages.clear();
            var a = view(DType.FP32, s[0], s[2]);
            var b = view(DType.FP32, s[2], s[1]);
            var c = View.dense(storage(new TensorType(DType.FP32, Shape.of(s[0], s[1]))));
            var kernels = InstalledKernels.get().matmul(a, b, c, t -> View.dense(storage(t)));
            var buffers = fill();
            run(kernels, buffers, 1);
            var one = floats(c, buffers);
            run(kernels, buffers, 4);
            assertArrayEquals(one, floats(c, buffers), s[0] + "x" + s[2] + "x" + s[1]);
        }
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private void check(int[] batch, int m, int n, int k, DType dtype) {
        storages.clear();
        var a = view(dtype, with(thinned(batch), m, k));
        var b = view(dtype, with(thinned(batch), k, n));
        int[] dims = with(batch, m, n);
        var c = random.nextBoolean() ? view(dtype, dims) : dense(dtype, dims);
        if (hasRepeats(c)) {
            c = dense(dtype, dims);
        }
        var expected = new View(storage(c.storage.type), dtype, c.offset, c.dims, c.strides);
        var what = "seed 20260101: " + a + " " + b + " " + c;
        var fast = InstalledKernels.get().matmul(a, b, c, t -> View.dense(storage(t)));
        var java = new JavaKernels("").matmul(a, b, expected, t -> View.dense(storage(t)));
        var buffers = fill();
        run(fast, buffers, 2);
        run(java, buffers, 1);
        var found = floats(c, buffers);
        var right = floats(expected, buffers);
        double tolerance = dtype == DType.FP16 ? 2e-3 * Math.sqrt(k) : 1e-6 * Math.sqrt(k) + 1e-6;
        for (int i = 0; i < right.length; i++) {
            assertEquals(right[i], found[i], tolerance, what + " at " + i);
        }
    }

    /** Bit by bit, for operands and results of both types. */
    private void checkHalves(int[] batch, int m, int n, int k, boolean ugly) {
        storages.clear();
        var a = view(type(), with(thinned(batch), m, k));
        var b = view(type(), with(thinned(batch), k, n));
        int[] dims = with(batch, m, n);
        var c = view(DType.FP16, dims);
        c = hasRepeats(c) ? dense(DType.FP16, dims) : c;
        var what = "seed 20260101: " + a + " " + b + " " + c;
        var floatA = inFloats(a);
        var floatB = inFloats(b);
        var floatC = inFloats(c);
        var make = InstalledKernels.get();
        var halves = make.matmul(a, b, c, t -> View.dense(storage(t)));
        var floats = make.matmul(floatA, floatB, floatC, t -> View.dense(storage(t)));
        var buffers = fill();
        fillHalves(buffers.get(a.storage.id), buffers.get(floatA.storage.id), ugly);
        fillHalves(buffers.get(b.storage.id), buffers.get(floatB.storage.id), ugly);
        fillHalves(buffers.get(c.storage.id), buffers.get(floatC.storage.id), false);
        run(halves, buffers, 2);
        run(floats, buffers, 2);
        var found = buffers.get(c.storage.id);
        var right = buffers.get(floatC.storage.id);
        for (int i = 0; i < c.storage.type.shape().size(); i++) { // what is between elements too
            float rounded = Half.round((float) right.get(i));
            assertEquals(rounded, (float) found.get(i), what + " at " + i);
        }
    }

    private DType type() {
        return random.nextInt(4) == 0 ? DType.FP32 : DType.FP16;
    }

    private View inFloats(View v) {
        var storage = storage(new TensorType(DType.FP32, v.storage.type.shape()));
        return new View(storage, DType.FP32, v.offset, v.dims, v.strides);
    }

    /** Both with the same values. */
    private void fillHalves(Buffer some, Buffer others, boolean ugly) {
        var values = new float[some.type().shape().size()];
        for (int i = 0; i < values.length; i++) {
            float x = random.nextFloat() - 0.5f;
            if (ugly && random.nextInt(50) == 0) {
                x = Half.toFloat((short) random.nextInt()); // NaN and infinities among them
            }
            values[i] = Half.round(x);
        }
        some.put(values);
        others.put(values);
    }

    /** Some axes fewer, some of them 1, to be broadcast. */
    private int[] thinned(int[] batch) {
        int from = random.nextInt(batch.length + 1);
        int[] rest = java.util.Arrays.copyOfRange(batch, from, batch.length);
        for (int i = 0; i < rest.length; i++) {
            rest[i] = random.nextInt(3) == 0 ? 1 : rest[i];
        }
        return rest;
    }

    private static int[] with(int[] batch, int rows, int columns) {
        int[] dims = java.util.Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = rows;
        dims[batch.length + 1] = columns;
        return dims;
    }

    private View dense(DType dtype, int... dims) {
        return View.dense(storage(new TensorType(dtype, Shape.of(dims))));
    }

    /** Dense, transposed, with gaps, backward or repeated. */
    private View view(DType dtype, int... dims) {
        int last = dims.length - 1;
        switch (random.nextInt(6)) {
            case 0 -> {
                int[] turned = dims.clone();
                turned[last] = dims[last - 1];
                turned[last - 1] = dims[last];
                return dense(dtype, turned).swapLast();
            }
            case 1 -> {
                int[] longer = dims.clone();
                longer[last] += 5;
                return dense(dtype, longer).slice(last, 3, dims[last], 1);
            }
            case 2 -> {
                int[] longer = dims.clone();
                longer[last] *= 2;
                return dense(dtype, longer).slice(last, 0, dims[last], 2);
            }
            case 3 -> {
                return dense(dtype, dims).flip(last - 1);
            }
            case 4 -> {
                int[] one = dims.clone();
                one[last - random.nextInt(2)] = 1;
                return dense(dtype, one).broadcastTo(dims);
            }
            default -> {
                return dense(dtype, dims);
            }
        }
    }

    private static boolean hasRepeats(View v) {
        for (int i = 0; i < v.rank(); i++) {
            if (v.dims[i] > 1 && v.strides[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private Storage storage(TensorType type) {
        var storage = Storage.scratch(storages.size(), type);
        storages.add(storage);
        return storage;
    }

    private List<Buffer> fill() {
        var buffers = new ArrayList<Buffer>();
        for (var storage : storages) {
            var buffer = Buffer.direct(storage.type);
            var values = new float[storage.type.shape().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            buffer.put(values);
            buffers.add(buffer);
        }
        return buffers;
    }

    private void run(List<Kernel> kernels, List<Buffer> buffers, int threads) {
        var make = InstalledKernels.get();
        var memory = new Memory(storages.size(), make::address);
        for (var storage : storages) {
            memory.set(storage, buffers.get(storage.id).bytes());
        }
        try (var workers = new Workers(threads)) {
            var scratch = new Scratch(threads);
            kernels.forEach(k -> k.reserve(scratch));
            scratch.allocate(make);
            kernels.forEach(k -> k.run(memory, scratch, workers));
        }
    }

    /** The elements of a view. */
    private static float[] floats(View view, List<Buffer> buffers) {
        var values = new float[view.size()];
        var buffer = buffers.get(view.storage.id);
        for (int i = 0; i < values.length; i++) {
            int at = view.offset;
            int rest = i;
            for (int axis = view.rank() - 1; axis >= 0; axis--) {
                at += rest % view.dims[axis] * view.strides[axis];
                rest /= view.dims[axis];
            }
            values[i] = (float) buffer.get(at);
        }
        return values;
    }
}
