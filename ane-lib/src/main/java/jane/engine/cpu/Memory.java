package jane.engine.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The bytes behind every storage of a plan, for one binding. All direct and in native order. */
final class Memory {
    private final ByteBuffer[] bytes;
    private final FloatBuffer[] floats;

    Memory(int storages) {
        bytes = new ByteBuffer[storages];
        floats = new FloatBuffer[storages];
    }

    void set(Storage storage, ByteBuffer memory) {
        var own = memory.duplicate().order(ByteOrder.nativeOrder());
        bytes[storage.id] = own;
        floats[storage.id] = own.asFloatBuffer();
    }

    ByteBuffer bytes(int storage) {
        return bytes[storage];
    }

    FloatBuffer floats(int storage) {
        return floats[storage];
    }
}
