package jane.engine.cpu;

import jane.ir.DType;
import java.nio.ByteBuffer;
import java.util.List;

/** Copies a view of any type into another of the same dimensions. */
final class CopyKernel extends Kernel {
    private static final int TILE = 4096;

    private final String why;
    private final View from;
    private final View to;
    private final Reader reader;
    private final Writer writer;
    private final Nest source;
    private final Nest target;

    CopyKernel(String why, View from, View to) {
        super(List.of(from), List.of(to));
        this.why = why;
        this.from = from;
        this.to = to;
        reader = new Reader(from);
        writer = new Writer(to);
        source = new Nest(from);
        target = new Nest(to);
    }

    @Override
    String describe() {
        return "copy     " + why;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(1, TILE);
    }

    @Override
    void run() {
        int size = to.size();
        share((size + TILE - 1) / TILE, size);
    }

    @Override
    public void run(int task, int worker) {
        int flat = task * TILE;
        int n = Math.min(TILE, to.size() - flat);
        if (from.dtype == DType.FP32) {
            var row = rows(worker)[0];
            reader.load(memory(), flat, n, row, 0);
            writer.store(memory(), flat, n, row, 0);
            return;
        }
        var src = memory().bytes(from.storage.id);
        var dst = memory().bytes(to.storage.id);
        for (int i = flat; i < flat + n; i++) {
            move(src, at(source, i), dst, at(target, i));
        }
    }

    private static int at(Nest nest, int flat) {
        return nest.row(flat / nest.inner) + flat % nest.inner * nest.step;
    }

    private void move(ByteBuffer src, int i, ByteBuffer dst, int k) {
        switch (from.dtype.sizeBytes()) {
            case 1 -> dst.put(k, src.get(i));
            case 2 -> dst.putShort(2 * k, src.getShort(2 * i));
            default -> dst.putInt(4 * k, src.getInt(4 * i));
        }
    }
}
