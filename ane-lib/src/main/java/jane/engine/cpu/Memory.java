package jane.engine.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.ToLongFunction;

/** The bytes behind every storage of a plan, for one binding. All direct and in native order. */
final class Memory {
    private final ByteBuffer[] bytes;
    private final FloatBuffer[] floats;
    private final long[] addresses;
    private final ToLongFunction<ByteBuffer> locate;
    private int version;

    /**
     * Room for all storages of a plan.
     *
     * @param locate gives the address of a direct buffer
     */
    Memory(int storages, ToLongFunction<ByteBuffer> locate) {
        bytes = new ByteBuffer[storages];
        floats = new FloatBuffer[storages];
        addresses = new long[storages];
        this.locate = locate;
    }

    void set(Storage storage, ByteBuffer memory) {
        var own = memory.duplicate().order(ByteOrder.nativeOrder());
        bytes[storage.id] = own;
        floats[storage.id] = own.asFloatBuffer();
        addresses[storage.id] = locate.applyAsLong(own);
        version++;
    }

    /** Another number whenever something lies elsewhere. */
    int version() {
        return version;
    }

    ByteBuffer bytes(int storage) {
        return bytes[storage];
    }

    FloatBuffer floats(int storage) {
        return floats[storage];
    }

    /** Where element 0 of a view lies, for native kernels. */
    long address(View view) {
        return addresses[view.storage.id] + (long) view.offset * view.dtype.sizeBytes();
    }
}
