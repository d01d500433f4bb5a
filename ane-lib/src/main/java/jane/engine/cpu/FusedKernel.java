package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * Any number of elementwise ops over one shape in one pass: operands are loaded tile by tile into
 * rows of floats ("registers"), the ops run there, and only what others read is stored. All loads
 * of a tile come before its stores, so a result may overwrite an operand that lies in the same
 * places.
 */
final class FusedKernel extends Kernel {
    /** Elements of a tile: registers together should fit the first-level cache. */
    static final int TILE = 1024;

    private static final int TASKS = 64;

    /** One lane on registers; {@code b} and {@code c} may be unused. */
    record Step(Lane lane, int d, int a, int b, int c, float p, float q) {}

    /** A view and the register it is loaded into or stored from. */
    record Port(View view, int register) {}

    /** A register that holds one value for the whole run. */
    record Constant(float value, int register) {}

    /** Everything a fused kernel does, as {@link FusedBuilder} lays it out. */
    record Code(
            String ops,
            int size,
            List<Port> loads,
            List<Constant> constants,
            List<Step> steps,
            List<Port> stores,
            int registers) {}

    private final Code code;
    private final Port[] loads;
    private final Reader[] readers;
    private final boolean[] uniform;
    private final Step[] steps;
    private final Port[] stores;
    private final Writer[] writers;
    private final Constant[] constants;
    private final int tilesPerTask;

    FusedKernel(Code code) {
        super(
                code.loads().stream().map(Port::view).toList(),
                code.stores().stream().map(Port::view).toList());
        this.code = code;
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
        int tiles = (code.size() + TILE - 1) / TILE;
        tilesPerTask = (tiles + TASKS - 1) / TASKS;
    }

    @Override
    String describe() {
        return "fused    " + code.ops();
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(code.registers(), TILE);
    }

    @Override
    void run() {
        int tiles = (code.size() + TILE - 1) / TILE;
        int tasks = tiles == 0 ? 0 : (tiles + tilesPerTask - 1) / tilesPerTask;
        share(tasks, (long) code.size() * (steps.length + loads.length + stores.length));
    }

    @Override
    public void run(int task, int worker) {
        var r = rows(worker);
        int begin = task * tilesPerTask * TILE;
        int end = (int) Math.min(code.size(), (long) begin + (long) tilesPerTask * TILE);
        int longest = Math.min(TILE, end - begin);
        for (var constant : constants) {
            Arrays.fill(r[constant.register()], 0, longest, constant.value());
        }
        for (int i = 0; i < loads.length; i++) {
            if (uniform[i]) {
                readers[i].load(memory(), 0, 1, r[loads[i].register()], 0);
                Arrays.fill(r[loads[i].register()], 0, longest, r[loads[i].register()][0]);
            }
        }
        for (int flat = begin; flat < end; flat += TILE) {
            tile(r, flat, Math.min(TILE, end - flat));
        }
    }

    private void tile(float[][] r, int flat, int n) {
        for (int i = 0; i < loads.length; i++) {
            if (!uniform[i]) {
                readers[i].load(memory(), flat, n, r[loads[i].register()], 0);
            }
        }
        for (var s : steps) {
            s.lane().run(r[s.d()], r[s.a()], r[s.b()], r[s.c()], s.p(), s.q(), n);
        }
        for (int i = 0; i < stores.length; i++) {
            writers[i].store(memory(), flat, n, r[stores[i].register()], 0);
        }
    }
}
