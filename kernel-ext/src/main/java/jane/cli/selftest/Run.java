package jane.cli.selftest;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.ane.AneEngine;
import jane.engine.sim.SimEngine;
import jane.mil.Program;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A program compiled on an engine, with its buffers. */
final class Run implements AutoCloseable {
    private final Engine engine;
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private Executable executable;
    private Binding binding;

    /** Compiles; on the Neural Engine without a look at the rules, which may be wrong. */
    Run(Engine engine, Program program) {
        this.engine = engine;
        executable = engine instanceof AneEngine ane ? ane.probe(program) : engine.compile(program);
        executable.inputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
        executable.outputs().forEach((name, type) -> buffers.put(name, engine.allocate(type)));
        binding = executable.bind(buffers);
    }

    /** Overwrites weight files and loads the program again, without a compile. */
    void reload(Map<String, ByteBuffer> files) {
        executable =
                engine instanceof AneEngine ane
                        ? ane.reload(executable, files)
                        : ((SimEngine) engine).reload(executable, files);
        binding = executable.bind(buffers);
    }

    void put(String name, float[] values) {
        buffers.get(name).put(values);
    }

    void run() {
        binding.run();
    }

    float[] get(String name) {
        var values = new float[buffers.get(name).type().shape().size()];
        buffers.get(name).get(values);
        return values;
    }

    @Override
    public void close() {
        executable.close();
        buffers.values().forEach(Buffer::close);
    }
}
