package jane.bench;

import jane.compile.Passes;
import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Executable;
import jane.mil.MilPrinter;
import jane.mil.Program;
import jane.tensor.RandomStream;
import jane.tensor.Session;
import jane.zoo.TransformerBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A transformer block compiled from its MIL text, on random data. */
final class BlockRun implements AutoCloseable {
    private static final int WIDTH = 110; // of a line about a kernel

    private final Executable executable;
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Binding binding;
    private final List<Long> least = new ArrayList<>();

    private BlockRun(Program program) {
        var engine = Session.current().engine();
        executable = engine.compile(program);
        executable.outputs().forEach((n, type) -> buffers.put(n, engine.allocate(type)));
        for (var input : executable.inputs().entrySet()) {
            var buffer = engine.allocate(input.getValue());
            var values = new float[input.getValue().shape().size()];
            boolean data = input.getValue().shape().rank() == 3;
            float most = data ? 1 : 0.05f; // weights about as large as a trained model's
            RandomStream.of(1, input.getKey()).fillUniform(values, -most, most);
            buffer.put(values);
            buffers.put(input.getKey(), buffer);
        }
        binding = executable.bind(buffers);
    }

    static BlockRun of(TransformerBlock.Size size, TransformerBlock.Style style) {
        var graph = new TransformerBlock(size, style).graph();
        var text = MilPrinter.print(Passes.run(graph));
        return new BlockRun(new Program(text.text(), text.files(), Map.of()));
    }

    void run() {
        binding.run();
        var nanos = executable.nanos();
        for (int i = 0; i < nanos.size(); i++) {
            if (i == least.size()) {
                least.add(nanos.get(i));
            }
            least.set(i, Math.min(least.get(i), nanos.get(i)));
        }
    }

    /** The least time of each kernel, the slowest kernels first, then their sum. */
    List<String> kernels() {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < least.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(least::get).reversed());
        var lines = new ArrayList<String>();
        for (int i : order) {
            var line = executable.plan().get(i);
            lines.add(millis(least.get(i)) + line.substring(0, Math.min(WIDTH, line.length())));
        }
        lines.add(millis(least.stream().mapToLong(n -> n).sum()) + "all, each at its least");
        return lines;
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%9.3f ms  ", nanos / 1e6);
    }

    @Override
    public void close() {
        executable.close();
        buffers.values().forEach(Buffer::close);
    }
}
