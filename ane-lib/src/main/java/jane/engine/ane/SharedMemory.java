package jane.engine.ane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Memory that this process shares with its worker: files in a folder of their own, in {@code
 * /dev/shm} where there is one.
 */
final class SharedMemory implements AutoCloseable {
    static final int CONTROL = 1 << 20;
    private static final int PADDING = 64;
    private static final int FIRST = 1 << 20;
    private static final int LARGEST = 1 << 26;
    private static final String PURPOSE = "shared memory";

    /** A piece of a file. */
    record Region(int segment, int offset, ByteBuffer memory) {}

    private final OwnFolder folder;
    private final List<ByteBuffer> segments = new ArrayList<>();
    private final Map<Integer, Deque<Region>> free = new HashMap<>();
    private final ByteBuffer control;
    private int used;

    /** Memory in a folder of its own below {@code base}. */
    SharedMemory(Path base) {
        folder = OwnFolder.in(base, PURPOSE);
        try {
            control = Undisturbed.get(() -> create(folder().resolve("control"), CONTROL));
        } catch (IOException e) {
            folder.close();
            throw OwnFolder.failed(PURPOSE, base, e);
        }
    }

    /** Where memory can be shared: in memory, or else on the disk. */
    static Path usual() {
        var shm = Path.of("/dev/shm");
        return Files.isWritable(shm) ? shm : OwnFolder.temporary();
    }

    /** Makes a file of zeros; writing them, and not only the size, makes a full disk an error. */
    private static ByteBuffer create(Path file, int size) throws IOException {
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            var zeros = ByteBuffer.allocateDirect(Math.min(size, FIRST));
            for (int done = 0; done < size; ) {
                done += channel.write(zeros.clear().limit(Math.min(zeros.capacity(), size - done)));
            }
            return map(channel, size);
        } catch (IOException e) {
            Folders.delete(file); // the next attempt makes it anew
            throw e;
        }
    }

    private static ByteBuffer map(FileChannel channel, long size) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.nativeOrder());
    }

    /** The whole of a file that another process made. */
    static ByteBuffer open(Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return map(channel, channel.size());
        }
    }

    Path folder() {
        return folder.path();
    }

    /** Where commands go. */
    ByteBuffer control() {
        return control;
    }

    /** A part of a segment, in native order. */
    static ByteBuffer slice(ByteBuffer segment, int offset, int size) {
        return segment.slice(offset, size).order(ByteOrder.nativeOrder());
    }

    static int padded(long size) {
        return (int) Math.max(PADDING, (size + PADDING - 1) / PADDING * PADDING);
    }

    /** Zeroed memory of {@code size} bytes, padded. */
    synchronized Region allocate(long size) {
        int padded = padded(size);
        var again = Optional.ofNullable(free.get(padded)).map(Deque::poll);
        if (again.isPresent()) {
            again.get().memory.put(0, new byte[padded]);
            return again.get();
        }
        if (segments.isEmpty() || segments.get(segments.size() - 1).capacity() - used < padded) {
            grow(padded);
        }
        int last = segments.size() - 1;
        var region = new Region(last, used, slice(segments.get(last), used, padded));
        used += padded;
        return region;
    }

    private void grow(int atLeast) {
        int usual = Math.min(LARGEST, FIRST << Math.min(segments.size(), 6));
        try {
            var file = folder().resolve(Integer.toString(segments.size()));
            segments.add(Undisturbed.get(() -> create(file, Math.max(usual, atLeast))));
            used = 0;
        } catch (IOException e) {
            throw OwnFolder.failed(PURPOSE, folder().getParent(), e);
        }
    }

    synchronized void free(Region region) {
        free.computeIfAbsent(region.memory.capacity(), n -> new ArrayDeque<>()).push(region);
    }

    @Override
    public void close() {
        folder.close();
    }
}
