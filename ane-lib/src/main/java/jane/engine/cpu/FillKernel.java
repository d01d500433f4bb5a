package jane.engine.cpu;

import java.util.Arrays;
import java.util.List;

/** Writes one value everywhere: the border of a padding, before the rest is copied in. */
final class FillKernel extends Kernel {
    private static final int TILE = 4096;

    private final float value;
    private final int size;
    private final Writer writer;

    FillKernel(float value, View y) {
        super(List.of(), List.of(y));
        this.value = value;
        size = y.size();
        writer = new Writer(y);
    }

    @Override
    String describe() {
        return "fill     " + value;
    }

    @Override
    void reserve(Scratch needs) {
        needs.reserve(1, TILE);
    }

    @Override
    void run() {
        share((size + TILE - 1) / TILE, size);
    }

    @Override
    public void run(int task, int worker) {
        int n = Math.min(TILE, size - task * TILE);
        var row = rows(worker)[0];
        Arrays.fill(row, 0, n, value);
        writer.store(memory(), task * TILE, n, row, 0);
    }
}
