package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jane.ir.DType;
import jane.ir.Half;
import jane.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Elementwise programs, reductions, copies and fills in C against their Java twins, bit by bit (one
 * NaN is as good as another): random shapes, offsets, strides, types and ugly values, at every
 * level that this machine has.
 */
final class NativeTwinTest {
    private static final int ROUNDS = 250;
    private static final long SEED = 20261123;
    private static final DType[] FLOATS = {DType.FP32, DType.FP32, DType.FP16};

    private static int level;

    @BeforeAll
    static void needNativeKernels() {
        var installed = InstalledKernels.get();
        assumeTrue(installed instanceof NativeKernels, installed.description());
        level = KernelLibrary.jane_kernels_level();
    }

    @AfterAll
    static void restoreTheLevel() {
        if (InstalledKernels.get() instanceof NativeKernels) {
            KernelLibrary.check(KernelLibrary.jane_kernels_force(level));
        }
    }

    static int[] levels() {
        return new int[] {
            KernelLibrary.SCALAR, KernelLibrary.AVX2, KernelLibrary.NEON, KernelLibrary.AVX512
        };
    }

    private static void use(int wanted) {
        boolean has = KernelLibrary.jane_kernels_force(wanted) == KernelLibrary.OK;
        assumeTrue(has, "this processor lacks level " + wanted);
    }

    /** Lanes that take operands of any value; the bools that others need come from comparisons. */
    private static final List<Lane> UNARY =
            List.of(
                    Lane.SCALE,
                    Lane.SHIFT,
                    Lane.CLAMP,
                    Lane.ABS,
                    Lane.SIGN,
                    Lane.SQUARE,
                    Lane.SQRT,
                    Lane.RSQRT,
                    Lane.LOG,
                    Lane.EXP,
                    Lane.SIGMOID,
                    Lane.TANH,
                    Lane.ERF,
                    Lane.SILU,
                    Lane.GELU_EXACT,
                    Lane.GELU_TANH,
                    Lane.GELU_SIGMOID,
                    Lane.TRUTH,
                    Lane.MOVE,
                    Lane.ROUND_HALF);

    @ParameterizedTest
    @EnumSource(
            value = Lane.class,
            mode = EnumSource.Mode.MATCH_NONE,
            names = {"LINE_.*", "SPREAD"})
    void everyLane(Lane lane) {
        for (int wanted = KernelLibrary.SCALAR; wanted <= KernelLibrary.AVX512; wanted++) {
            if (KernelLibrary.jane_kernels_force(wanted) != KernelLibrary.OK) {
                continue;
            }
            for (int round = 0; round < 12; round++) {
                var random = new Random(SEED + round);
                var what = lane + ", level " + wanted + ", seed " + (SEED + round);
                var twins = new Twins(random);
                int n = round == 0 ? 3 * FusedKernel.PER_TASK + 5 : 1 + random.nextInt(3000);
                var dense = new int[] {n};
                var loads = new ArrayList<FusedKernel.Port>();
                for (int i = 0; i < 3; i++) {
                    boolean bool = (lane == Lane.SELECT || lane == Lane.NOT) && i == 0;
                    var dtype = bool ? DType.BOOL : DType.FP32;
                    loads.add(new FusedKernel.Port(twins.view(dtype, dense, round % 2 == 1), i));
                }
                float p = lane == Lane.CLAMP ? -0.5f : random.nextFloat();
                var steps = List.of(new FusedKernel.Step(lane, 3, 0, room(lane), 2, p, 1.5f));
                var store = new FusedKernel.Port(twins.view(DType.FP32, dense, false), 3);
                twins.compare(
                        make ->
                                make.fused(
                                        new FusedKernel.Code(
                                                "x",
                                                n,
                                                loads,
                                                List.of(),
                                                steps,
                                                List.of(store),
                                                List.of(),
                                                5)),
                        what);
            }
        }
    }

    private static int room(Lane lane) {
        return lane.needsRoom() ? 4 : 1;
    }

    @ParameterizedTest
    @MethodSource("levels")
    void programs(int wanted) {
        use(wanted);
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            var random = new Random(seed);
            var twins = new Twins(random);
            var dims = twins.dims(random.nextInt(4), random.nextInt(20) == 0 ? 30_000 : 3000);
            var code = program(twins, random, dims);
            twins.compare(make -> make.fused(code), "level " + wanted + ", seed " + seed);
        }
    }

    /** Steps on random registers, some of them constants; results go to any kind of view. */
    private static FusedKernel.Code program(Twins twins, Random random, int[] dims) {
        int loaded = 1 + random.nextInt(4);
        var loads = new ArrayList<FusedKernel.Port>();
        for (int i = 0; i < loaded; i++) {
            loads.add(new FusedKernel.Port(twins.view(any(random), dims, true), i));
        }
        var constants = List.of(new FusedKernel.Constant(random.nextFloat(), loaded));
        int room = loaded + 1;
        int registers = room + 1;
        int last = registers;
        var steps = new ArrayList<FusedKernel.Step>();
        int count = 1 + random.nextInt(12);
        boolean plain = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            boolean fresh = random.nextBoolean() || i == count - 1 || last == registers;
            int d = fresh ? last++ : registers + random.nextInt(last - registers);
            int ready = last - (fresh ? 1 : 0);
            steps.add(plain ? arithmetic(random, d, room, ready) : step(random, d, room, ready));
        }
        var stores = new ArrayList<FusedKernel.Port>();
        for (int r = registers; r < last; r++) {
            if (r == last - 1 || random.nextBoolean()) {
                stores.add(new FusedKernel.Port(twins.target(any(random), dims), r));
            }
        }
        var totals = new ArrayList<FusedKernel.Total>();
        for (int i = random.nextInt(3); i > 0; i--) {
            var kind = ReduceKernel.Kind.values()[random.nextInt(4)];
            int register = registers + random.nextInt(last - registers);
            totals.add(
                    new FusedKernel.Total(kind, twins.target(any(random), new int[0]), register));
        }
        int size = Shape.of(dims).size();
        return new FusedKernel.Code("x", size, loads, constants, steps, stores, totals, last);
    }

    /** Reads registers below {@code ready}, but not the room and not {@code d} where it may not. */
    private static FusedKernel.Step step(Random random, int d, int room, int ready) {
        int a = register(random, room, ready);
        int b = register(random, room, ready);
        int c = register(random, room, ready);
        float p = random.nextInt(5) == 0 ? 0 : random.nextFloat() - 0.5f;
        if (random.nextInt(3) > 0) {
            var lane = UNARY.get(random.nextInt(UNARY.size()));
            if (lane.needsRoom()) {
                while (a == d) { // register 0 is a load, so this ends
                    a = register(random, room, ready);
                }
                b = room;
            }
            return new FusedKernel.Step(lane, d, a, b, c, p, p + random.nextFloat());
        }
        var binary = List.of(Lane.ADD, Lane.SUB, Lane.MUL, Lane.DIV, Lane.MAX, Lane.MIN, Lane.LESS);
        return new FusedKernel.Step(binary.get(random.nextInt(7)), d, a, b, c, 0, 0);
    }

    /** Of the lanes that the C kernel does two or three at a time. */
    private static FusedKernel.Step arithmetic(Random random, int d, int room, int ready) {
        var lanes =
                List.of(
                        Lane.ADD,
                        Lane.ADD,
                        Lane.SUB,
                        Lane.MUL,
                        Lane.DIV,
                        Lane.SCALE,
                        Lane.SHIFT,
                        Lane.SQUARE,
                        Lane.SQRT);
        var lane = lanes.get(random.nextInt(lanes.size()));
        int a = register(random, room, ready);
        int b = register(random, room, ready);
        return new FusedKernel.Step(lane, d, a, b, a, random.nextFloat() - 0.5f, 0);
    }

    private static int register(Random random, int room, int ready) {
        int r = random.nextInt(ready);
        return r == room ? 0 : r;
    }

    private static DType any(Random random) {
        return random.nextInt(4) == 0 ? DType.BOOL : FLOATS[random.nextInt(3)];
    }

    @ParameterizedTest
    @MethodSource("levels")
    void reductions(int wanted) {
        use(wanted);
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            var random = new Random(seed);
            var twins = new Twins(random);
            var dims = twins.dims(1 + random.nextInt(4), random.nextInt(10) == 0 ? 300_000 : 6000);
            var isReduced = new boolean[dims.length];
            var kept = new ArrayList<Integer>();
            for (int i = 0; i < dims.length; i++) {
                isReduced[i] = random.nextBoolean();
                if (!isReduced[i]) {
                    kept.add(dims[i]);
                }
            }
            var x = twins.view(FLOATS[random.nextInt(3)], dims, true);
            var y =
                    twins.target(
                            FLOATS[random.nextInt(3)],
                            kept.stream().mapToInt(Integer::intValue).toArray());
            var kind = ReduceKernel.Kind.values()[random.nextInt(4)];
            twins.compare(
                    make -> make.reduce(kind, x, y, isReduced),
                    kind + ", level " + wanted + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("levels")
    void programsOfLines(int wanted) {
        use(wanted);
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            var random = new Random(seed);
            var twins = new Twins(random);
            var dims = twins.dims(1 + random.nextInt(3), random.nextInt(10) == 0 ? 40_000 : 4000);
            var code = new LinePrograms(twins, random, dims).code();
            twins.compare(make -> make.fused(code), "level " + wanted + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("levels")
    void copiesAndFills(int wanted) {
        use(wanted);
        var types = List.of(DType.FP32, DType.FP16, DType.BOOL, DType.INT32);
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            var random = new Random(seed);
            var twins = new Twins(random);
            var dims = twins.dims(random.nextInt(5), random.nextInt(10) == 0 ? 200_000 : 6000);
            var dtype = types.get(random.nextInt(types.size()));
            var what = dtype + ", level " + wanted + ", seed " + seed;
            var x = twins.view(dtype, dims, true);
            var y = twins.target(dtype, dims);
            twins.compare(make -> make.copy("test", x, y), what);
            if (dtype != DType.INT32) {
                var z = twins.target(dtype, dims);
                float value = Half.round(random.nextFloat());
                twins.compare(make -> make.fill(value, z), what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("levels")
    void halvesInBulk(int wanted) {
        use(wanted);
        var block = new Block(2 * 0x10000);
        for (int i = 0; i < 0x10000 / 4; i++) {
            block.set(i, 4L * i | 4L * i + 1 << 16 | 4L * i + 2 << 32 | 4L * i + 3 << 48);
        }
        var floats = new Block(4 * 0x10000);
        var back = new Block(2 * 0x10000);
        KernelLibrary.check(
                KernelLibrary.jane_half_to_float(block.address(), floats.address(), 0x10000));
        KernelLibrary.check(
                KernelLibrary.jane_float_to_half(floats.address(), back.address(), 0x10000));
        for (int i = 0; i < 0x10000; i++) {
            float expected = Half.toFloat((short) i);
            float got = floats.getFloat(i);
            short again = back.getShort(i);
            boolean same =
                    Float.isNaN(expected)
                            ? Float.isNaN(got) && Float.isNaN(Half.toFloat(again))
                            : Float.floatToRawIntBits(got) == Float.floatToRawIntBits(expected)
                                    && again == (short) i;
            if (!same) {
                fail("half " + i + " became " + got + " and " + again + "; need " + expected);
            }
        }
        assertTrue(Float.isNaN(floats.getFloat(0x7e00)));
    }
}
