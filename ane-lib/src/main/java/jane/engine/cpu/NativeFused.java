package jane.engine.cpu;

import java.util.List;

/**
 * {@link FusedKernel} in C ({@code fused.c}). There, loads and stores have rows of their own, which
 * are the tensors themselves where these are dense fp32: nothing is copied then.
 */
final class NativeFused extends Kernel {
    private static final int HEAD = 8 * 8;
    private static final int PORT = 16 + Block.VIEW;
    private static final int CONSTANT = 16;
    private static final int STEP = 32;
    private static final int TOTAL = 16;
    private static final int TILE = 512; // of a program without lines
    private static final int TOTALS = 64; // that fused.c has room for

    /** Elementary operations that take as long here as one of {@link Kernel#share}. */
    private static final int CHEAPER = 4;

    private final String describe;
    private final FusedKernel.Code code;
    private final Block program;
    private final Block addresses;
    private final long room;
    private final Writer[] results;
    private final Block partials; // doubles [tasks][totals]
    private final float[] result = new float[1];

    NativeFused(FusedKernel.Code code) {
        this("fused    " + code.ops(), code);
    }

    private NativeFused(String describe, FusedKernel.Code code) {
        super(code.reads(), code.writes());
        this.describe = describe;
        this.code = code;
        var rows = new FusedRows(code);
        program =
                new Block(
                        HEAD
                                + PORT * (code.loads().size() + code.stores().size())
                                + CONSTANT * code.constants().size()
                                + STEP * rows.steps().size()
                                + TOTAL * code.totals().size());
        write(rows);
        results = code.totals().stream().map(t -> new Writer(t.view())).toArray(Writer[]::new);
        partials = new Block(8L * results.length * code.tasks());
        addresses = new Block(8L * (code.loads().size() + code.stores().size()));
        room = KernelLibrary.size(KernelLibrary.jane_fused_room(program.address()));
    }

    /** One value everywhere. */
    static NativeFused fill(float value, View y) {
        var code =
                new FusedKernel.Code(
                        "fill",
                        y.size(),
                        List.of(),
                        List.of(new FusedKernel.Constant(value, 0)),
                        List.of(new FusedKernel.Step(Lane.MOVE, 1, 0, 0, 0, 0, 0)),
                        List.of(new FusedKernel.Port(y, 1)),
                        List.of(),
                        2);
        return new NativeFused("fill     " + value, code);
    }

    /** Whether the C kernel can run a program. */
    static boolean takes(FusedKernel.Code code) {
        return code.size() > 0
                && code.totals().size() <= TOTALS
                && code.loads().stream().allMatch(p -> Block.fits(p.view()))
                && code.stores().stream().allMatch(p -> Block.fits(p.view()));
    }

    private static int tile(FusedKernel.Code code) {
        return code.line() == 0 ? TILE : code.tile();
    }

    private void write(FusedRows rows) {
        program.put((long) code.registers()).put((long) code.loads().size());
        program.put((long) code.stores().size()).put((long) code.constants().size());
        program.put((long) rows.steps().size()).put((long) code.totals().size());
        program.put((long) code.line()).put((long) tile(code));
        for (int i = 0; i < code.loads().size(); i++) {
            var load = code.loads().get(i);
            program.put((long) rows.lastRead(i)).put(load.narrow() ? 1L : 0L).put(load.view());
        }
        for (int i = 0; i < code.stores().size(); i++) {
            var store = code.stores().get(i);
            program.put((long) rows.writer(i)).put(store.narrow() ? 1L : 0L).put(store.view());
        }
        for (var constant : code.constants()) {
            program.put((long) constant.register()).put(constant.value()).put(0);
        }
        for (var step : rows.steps()) {
            program.put(step.code()).put(step.d()).put(step.a()).put(step.b());
            program.put(step.c()).put(step.p()).put(step.q()).put(step.narrow() ? 1 : 0);
        }
        for (var total : code.totals()) {
            program.put((long) rows.of(total.register())).put(NativeReduce.code(total.kind()));
        }
    }

    @Override
    String describe() {
        return describe;
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserveBytes(room);
    }

    @Override
    void bind() {
        int i = 0;
        for (var port : code.loads()) {
            addresses.set(i++, memory().address(port.view()));
        }
        for (var port : code.stores()) {
            addresses.set(i++, memory().address(port.view()));
        }
    }

    @Override
    void run() {
        int rows = code.steps().size() + code.loads().size() + code.stores().size();
        int tasks = code.tasks();
        share(tasks, (long) code.size() * rows / CHEAPER);
        for (int i = 0; i < results.length; i++) {
            var kind = code.totals().get(i).kind();
            double sum = partials.getDouble(i);
            for (int task = 1; task < tasks; task++) {
                sum = kind.combine(sum, partials.getDouble(task * results.length + i));
            }
            result[0] = (float) (sum / code.divisor(i));
            results[i].store(memory(), 0, 1, result, 0);
        }
    }

    @Override
    public void run(int task, int worker) {
        long begin = (long) task * code.perTask();
        long end = Math.min(code.size(), begin + code.perTask());
        run(begin, end, partials.address() + 8L * task * results.length, worker);
    }

    @Override
    boolean cuts(int slices) {
        return results.length == 0 && code.size() % ((long) slices * tile(code)) == 0;
    }

    @Override
    void slice(int slice, int slices, int worker) {
        long size = code.size() / slices;
        run(slice * size, (slice + 1) * size, partials.address(), worker);
    }

    private void run(long begin, long end, long totals, int worker) {
        KernelLibrary.check(
                KernelLibrary.jane_fused_run(
                        program.address(),
                        addresses.address(),
                        nativeScratch(worker),
                        begin,
                        end,
                        totals));
    }
}
