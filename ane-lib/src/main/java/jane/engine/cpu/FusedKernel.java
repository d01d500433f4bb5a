package jane.engine.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any number of elementwise ops over one shape in one pass, and sums and the like of lines of it:
 * operands are loaded tile by tile into rows of floats ("registers"), the ops run there, and only
 * what others read is stored. All loads of a tile come before its stores, so a result may overwrite
 * an operand that lies in the same places. Registers can be summed up on the way; those totals are
 * put together task by task, in order.
 */
final class FusedKernel extends Kernel {
    /** Elements of a tile: registers together should fit the first-level cache. */
    static final int TILE = 1024;

    /** Elements of a task, about. */
    static final int PER_TASK = 8 * TILE;

    /**
     * One lane on registers; {@code b} and {@code c} may be unused.
     *
     * @param narrow whether it runs once a line, not once an element
     */
    record Step(Lane lane, int d, int a, int b, int c, float p, float q, boolean narrow) {
        Step(Lane lane, int d, int a, int b, int c, float p, float q) {
            this(lane, d, a, b, c, p, q, false);
        }
    }

    /**
     * A view and the register it is loaded into or stored from.
     *
     * @param narrow whether it has one number a line
     */
    record Port(View view, int register, boolean narrow) {
        Port(View view, int register) {
            this(view, register, false);
        }
    }

    /** A register that holds one value for the whole run. */
    record Constant(float value, int register) {}

    /** A register that is summed up, or of which the largest or smallest is wanted. */
    record Total(ReduceKernel.Kind kind, View view, int register) {}

    /**
     * Everything a fused kernel does, as {@link FusedBuilder} lays it out.
     *
     * @param line elements of a line, 0 if there are none
     */
    record Code(
            String ops,
            int size,
            int line,
            List<Port> loads,
            List<Constant> constants,
            List<Step> steps,
            List<Port> stores,
            List<Total> totals,
            int registers) {
        /** Without lines. */
        Code(
                String ops,
                int size,
                List<Port> loads,
                List<Constant> constants,
                List<Step> steps,
                List<Port> stores,
                List<Total> totals,
                int registers) {
            this(ops, size, 0, loads, constants, steps, stores, totals, registers);
        }

        /** Elements of a tile; whole lines if there are any. */
        int tile() {
            return line == 0 ? TILE : Math.max(1, TILE / line) * line;
        }

        /** Elements of a task: a multiple of the tile. */
        int perTask() {
            return Math.max(1, PER_TASK / tile()) * tile();
        }

        /** Into how many tasks the work is cut: by sizes only. */
        int tasks() {
            return (int) (((long) size + perTask() - 1) / perTask());
        }

        /** Views read. */
        List<View> reads() {
            return loads.stream().map(Port::view).toList();
        }

        /** Views written. */
        List<View> writes() {
            var writes = new ArrayList<View>();
            stores.forEach(p -> writes.add(p.view()));
            totals.forEach(t -> writes.add(t.view()));
            return writes;
        }

        /** What a total is divided by in the end. */
        double divisor(int total) {
            return totals.get(total).kind() == ReduceKernel.Kind.MEAN ? size : 1;
        }
    }

    private final Code code;
    private final Port[] loads;
    private final Reader[] readers;
    private final boolean[] uniform;
    private final Step[] steps;
    private final Port[] stores;
    private final Writer[] writers;
    private final Constant[] constants;
    private final Total[] totals;
    private final Writer[] results;
    private final double[] partials; // [tasks][totals]

    FusedKernel(Code code) {
        super(code.reads(), code.writes());
        this.code = code;
        totals = code.totals().toArray(new Total[0]);
        results = code.totals().stream().map(t -> new Writer(t.view())).toArray(Writer[]::new);
        partials = new double[totals.length * code.tasks()];
        loads = code.loads().toArray(new Port[0]);
        steps = code.steps().toArray(new Step[0]);
        stores = code.stores().toArray(new Port[0]);
        constants = code.constants().toArray(new Constant[0]);
        readers = Arrays.stream(loads).map(p -> new Reader(p.view())).toArray(Reader[]::new);
        writers = Arrays.stream(stores).map(p -> new Writer(p.view())).toArray(Writer[]::new);
        uniform = new boolean[loads.length];
        for (int i = 0; i < loads.length; i++) {
            uniform[i] = loads[i].view().isUniform();
        }
    }

    @Override
    String describe() {
        return "fused    " + code.ops();
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(code.registers(), code.tile());
        needs.reserveDoubles(Folding.SUMS * totals.length);
    }

    @Override
    void run() {
        share(code.tasks(), (long) code.size() * (steps.length + loads.length + stores.length));
        for (int i = 0; i < totals.length; i++) {
            double sum = partials[i];
            for (int at = i + totals.length; at < partials.length; at += totals.length) {
                sum = totals[i].kind().combine(sum, partials[at]);
            }
            var row = rows(0)[0];
            row[0] = (float) (sum / code.divisor(i));
            results[i].store(memory(), 0, 1, row, 0);
        }
    }

    @Override
    public void run(int task, int worker) {
        var r = rows(worker);
        int begin = task * code.perTask();
        int end = (int) Math.min(code.size(), (long) begin + code.perTask());
        int longest = Math.min(code.tile(), end - begin);
        for (var constant : constants) {
            Arrays.fill(r[constant.register()], 0, longest, constant.value());
        }
        for (int i = 0; i < loads.length; i++) {
            if (uniform[i]) {
                readers[i].load(memory(), 0, 1, r[loads[i].register()], 0);
                Arrays.fill(r[loads[i].register()], 0, longest, r[loads[i].register()][0]);
            }
        }
        var lanes = doubles(worker);
        for (int i = 0; i < totals.length; i++) {
            Folding.start(totals[i].kind(), lanes, i * Folding.SUMS);
        }
        for (int flat = begin; flat < end; flat += code.tile()) {
            tile(r, lanes, flat, Math.min(code.tile(), end - flat));
        }
        for (int i = 0; i < totals.length; i++) {
            partials[task * totals.length + i] =
                    Folding.total(totals[i].kind(), lanes, i * Folding.SUMS);
        }
    }

    private void tile(float[][] r, double[] lanes, int flat, int n) {
        int line = Math.max(1, code.line()); // nothing is narrow where there are none
        for (int i = 0; i < loads.length; i++) {
            if (!uniform[i]) {
                int each = loads[i].narrow() ? line : 1;
                readers[i].load(memory(), flat / each, n / each, r[loads[i].register()], 0);
            }
        }
        for (var s : steps) {
            int count = s.narrow() ? n / line : n;
            s.lane().run(r[s.d()], r[s.a()], r[s.b()], r[s.c()], s.p(), s.q(), count);
        }
        for (int i = 0; i < totals.length; i++) {
            var row = r[totals[i].register()];
            Folding.add(totals[i].kind(), lanes, i * Folding.SUMS, row, 0, n);
        }
        for (int i = 0; i < stores.length; i++) {
            int each = stores[i].narrow() ? line : 1;
            writers[i].store(memory(), flat / each, n / each, r[stores[i].register()], 0);
        }
    }
}
