package jane.engine.cpu;

import jane.ir.ConstData;
import jane.ir.TensorType;

/** A stretch of memory that the plan knows by number; where it lies is decided step by step. */
final class Storage {
    /** Who owns the memory. */
    enum Kind {
        INPUT,
        OUTPUT,
        CONST,
        SCRATCH
    }

    final int id;
    final TensorType type;
    private Kind kind;
    private String port = "";
    private ConstData data;
    private int block = -1;
    private long offset;
    private boolean read;

    private Storage(int id, TensorType type, Kind kind) {
        this.id = id;
        this.type = type;
        this.kind = kind;
    }

    static Storage scratch(int id, TensorType type) {
        return new Storage(id, type, Kind.SCRATCH);
    }

    static Storage input(int id, TensorType type, String port) {
        var storage = new Storage(id, type, Kind.INPUT);
        storage.port = port;
        return storage;
    }

    static Storage output(int id, TensorType type, String port) {
        var storage = new Storage(id, type, Kind.SCRATCH);
        storage.becomeOutput(port);
        return storage;
    }

    static Storage constant(int id, ConstData data) {
        var storage = new Storage(id, data.type(), Kind.CONST);
        storage.data = data;
        return storage;
    }

    Kind kind() {
        return kind;
    }

    /** Name of the input or output; empty for the others. */
    String port() {
        return port;
    }

    ConstData data() {
        return data;
    }

    /** Lets what is computed here be written straight into an output's buffer. */
    void becomeOutput(String name) {
        kind = Kind.OUTPUT;
        port = name;
    }

    /** Says that a kernel of the plan reads it. */
    void becomeRead() {
        read = true;
    }

    boolean isRead() {
        return read;
    }

    void place(int inBlock, long atByte) {
        block = inBlock;
        offset = atByte;
    }

    boolean placed() {
        return block >= 0;
    }

    int block() {
        return block;
    }

    long offset() {
        return offset;
    }
}
