package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random programs over lines along the last axis: sums of lines, steps on those, and back. */
final class LinePrograms {
    private static final List<Lane> BINARY = List.of(Lane.ADD, Lane.SUB, Lane.MUL, Lane.DIV);
    private static final List<Lane> UNARY =
            List.of(Lane.SCALE, Lane.SHIFT, Lane.SQUARE, Lane.RSQRT, Lane.MOVE, Lane.ROUND_HALF);
    private static final List<Lane> OF_LINES =
            List.of(Lane.LINE_SUM, Lane.LINE_SHARE, Lane.LINE_MAX, Lane.LINE_MIN);

    private final Twins twins;
    private final Random random;
    private final int[] dims;
    private final int[] narrowDims;
    private final int line;

    private final List<FusedKernel.Port> loads = new ArrayList<>();
    private final List<FusedKernel.Step> steps = new ArrayList<>();
    private final List<Integer> wide = new ArrayList<>(); // registers that hold something
    private final List<Integer> narrow = new ArrayList<>();
    private int count;

    LinePrograms(Twins twins, Random random, int[] dims) {
        this.twins = twins;
        this.random = random;
        this.dims = dims;
        line = dims[dims.length - 1];
        narrowDims = dims.clone();
        narrowDims[dims.length - 1] = 1;
    }

    /** A program with stores and totals of some of its results. */
    FusedKernel.Code code() {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            load(dims, wide, false);
        }
        load(narrowDims, narrow, true);
        var constant = new FusedKernel.Constant(random.nextFloat(), count++);
        int room = count++;
        int computed = count;
        for (int i = 2 + random.nextInt(10); i > 0; i--) {
            step(room);
        }
        int last = count - 1;
        var stores = new ArrayList<FusedKernel.Port>();
        for (int r = computed; r < count; r++) {
            if (r == last || random.nextBoolean()) {
                boolean once = narrow.contains(r);
                stores.add(
                        new FusedKernel.Port(
                                twins.target(any(), once ? narrowDims : dims), r, once));
            }
        }
        var totals = new ArrayList<FusedKernel.Total>();
        if (random.nextBoolean()) {
            var kind = ReduceKernel.Kind.values()[random.nextInt(4)];
            var target = twins.target(DType.FP32, new int[0]);
            totals.add(new FusedKernel.Total(kind, target, pick(wide)));
        }
        int size = Shape.of(dims).size();
        var constants = List.of(constant);
        return new FusedKernel.Code(
                "lines", size, line, loads, constants, steps, stores, totals, count);
    }

    private void load(int[] of, List<Integer> registers, boolean once) {
        loads.add(new FusedKernel.Port(twins.view(any(), of, true), count, once));
        registers.add(count++);
    }

    private void step(int room) {
        switch (random.nextInt(5)) {
            case 0 -> ofLines(OF_LINES.get(random.nextInt(4)), pick(wide), narrow);
            case 1 -> ofLines(Lane.SPREAD, pick(narrow), wide);
            case 2 -> lane(narrow, true);
            case 3 -> add(Lane.EXP, count, pick(wide), room, wide, false);
            default -> lane(wide, false);
        }
    }

    private void ofLines(Lane lane, int a, List<Integer> results) {
        float p = random.nextBoolean() ? 1 : line;
        steps.add(new FusedKernel.Step(lane, count, a, a, a, p, line, true));
        results.add(count++);
    }

    private void lane(List<Integer> registers, boolean once) {
        boolean binary = random.nextBoolean();
        var lane = binary ? BINARY.get(random.nextInt(4)) : UNARY.get(random.nextInt(6));
        add(lane, count, pick(registers), pick(registers), registers, once);
    }

    private void add(Lane lane, int d, int a, int b, List<Integer> results, boolean once) {
        float p = random.nextFloat() - 0.5f;
        steps.add(new FusedKernel.Step(lane, d, a, b, a, p, 0, once));
        results.add(d);
        count++;
    }

    private int pick(List<Integer> registers) {
        return registers.get(random.nextInt(registers.size()));
    }

    private DType any() {
        return random.nextInt(3) == 0 ? DType.FP16 : DType.FP32;
    }
}
