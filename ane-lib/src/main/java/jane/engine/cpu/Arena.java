package jane.engine.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Places storages in blocks of memory so that those alive at the same time do not overlap. Offsets
 * are multiples of 64 bytes.
 */
final class Arena {
    private static final long ALIGNMENT = 64;

    /** What one direct buffer can hold, with room to align it. */
    private static final long MAX_BLOCK = (1L << 31) - 4 * ALIGNMENT;

    private record Span(Storage storage, long begin, long end) {}

    private final List<List<Span>> live = new ArrayList<>(); // per block, by offset
    private final List<Long> sizes = new ArrayList<>();

    /** Finds a place: the tightest gap that fits, else the end. */
    void allocate(Storage storage) {
        long size = Math.max(1, storage.type.sizeBytes());
        size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        for (int block = 0; block <= live.size(); block++) {
            if (block == live.size()) {
                live.add(new ArrayList<>());
                sizes.add(0L);
            }
            if (place(storage, block, size) || live.get(block).isEmpty()) {
                return;
            }
        }
    }

    private boolean place(Storage storage, int block, long size) {
        var spans = live.get(block);
        int best = -1;
        long bestGap = Long.MAX_VALUE;
        long begin = 0;
        for (int i = 0; i < spans.size(); i++) {
            long gap = spans.get(i).begin - begin;
            if (gap >= size && gap < bestGap) {
                best = i;
                bestGap = gap;
            }
            begin = spans.get(i).end;
        }
        int at = best >= 0 ? best : spans.size();
        begin = at == 0 ? 0 : spans.get(at - 1).end;
        if (begin + size > MAX_BLOCK && !spans.isEmpty()) {
            return false;
        }
        spans.add(at, new Span(storage, begin, begin + size));
        sizes.set(block, Math.max(sizes.get(block), begin + size));
        storage.place(block, begin);
        return true;
    }

    /** Gives the place of one storage to another, of the same size. */
    void pass(Storage from, Storage to) {
        var spans = live.get(from.block());
        spans.replaceAll(s -> s.storage == from ? new Span(to, s.begin, s.end) : s);
        to.place(from.block(), from.offset());
    }

    /** Gives the place of {@code storage} back, if it still has it. */
    void free(Storage storage) {
        live.get(storage.block()).removeIf(s -> s.storage == storage);
    }

    /** Bytes of each block. */
    List<Long> blocks() {
        return sizes;
    }
}
