package jane.compile;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.Ports;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a placement as one executable: they run in order, on the engines of their sides. */
final class PlacedExecutable implements Executable {
    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> outputs;
    private final Map<String, String> aliases;
    private final List<Executable> parts = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Engine device;

    PlacedExecutable(
            Map<String, TensorType> inputs,
            Map<String, TensorType> outputs,
            Map<String, String> aliases,
            Engine device) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.aliases = aliases;
        this.device = device;
    }

    void add(String engine, Executable part) {
        names.add(engine);
        parts.add(part);
    }

    @Override
    public Map<String, TensorType> inputs() {
        return inputs;
    }

    @Override
    public Map<String, TensorType> outputs() {
        return outputs;
    }

    /** An output whose input is read by a later part is written elsewhere first, then copied. */
    @Override
    public Binding bind(Map<String, Buffer> buffers) {
        Ports.check(inputs, outputs, aliases, buffers);
        var all = new HashMap<>(buffers);
        var late = new LinkedHashMap<Buffer, Buffer>(); // buffers by identity
        for (int i = 0; i < parts.size(); i++) {
            for (var output : parts.get(i).outputs().entrySet()) {
                var given = all.computeIfAbsent(output.getKey(), n -> allocate(output.getValue()));
                var input = aliases.get(output.getKey());
                if (input != null && isReadAfter(i, input)) {
                    late.put(given, allocate(output.getValue()));
                    all.put(output.getKey(), late.get(given));
                }
            }
        }
        var bindings = new ArrayList<Binding>();
        for (var part : parts) {
            var own = new LinkedHashMap<String, Buffer>();
            part.inputs().keySet().forEach(name -> own.put(name, all.get(name)));
            part.outputs().keySet().forEach(name -> own.put(name, all.get(name)));
            bindings.add(part.bind(own));
        }
        return () -> {
            bindings.forEach(Binding::run);
            late.forEach(Buffer::copyFrom);
        };
    }

    private Buffer allocate(TensorType type) {
        return device.allocate(type);
    }

    private boolean isReadAfter(int part, String input) {
        return parts.subList(part + 1, parts.size()).stream()
                .anyMatch(p -> p.inputs().containsKey(input));
    }

    @Override
    public long scratchBytes() {
        return parts.stream().mapToLong(Executable::scratchBytes).sum();
    }

    @Override
    public List<String> plan() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            lines.add("-- part " + (i + 1) + " of " + parts.size() + " on " + names.get(i));
            lines.addAll(parts.get(i).plan());
        }
        return lines;
    }

    @Override
    public void close() {
        parts.forEach(Executable::close);
    }
}
