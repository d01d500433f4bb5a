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

/**
 * The parts of a placement as one executable: they run in order, on the engines of their sides. A
 * program that several parts share is bound once for each.
 */
final class PlacedExecutable implements Executable {
    /**
     * A part.
     *
     * @param engine the name of the engine it was placed on
     * @param program what runs
     * @param names the part's name of each input and output of the program
     */
    record Member(String engine, Executable program, Map<String, String> names) {
        Member {
            names = Map.copyOf(names);
        }

        /** The part's outputs under its own names. */
        Map<String, TensorType> outputs() {
            var own = new LinkedHashMap<String, TensorType>();
            program.outputs().forEach((name, type) -> own.put(names.get(name), type));
            return own;
        }

        boolean reads(String name) {
            return program.inputs().keySet().stream().anyMatch(n -> names.get(n).equals(name));
        }

        Binding bind(Map<String, Buffer> all) {
            var own = new LinkedHashMap<String, Buffer>();
            program.inputs().keySet().forEach(n -> own.put(n, all.get(names.get(n))));
            program.outputs().keySet().forEach(n -> own.put(n, all.get(names.get(n))));
            return program.bind(own);
        }
    }

    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> outputs;
    private final Map<String, String> aliases;
    private final List<Member> parts = new ArrayList<>();
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

    void add(Member part) {
        parts.add(part);
    }

    private List<Executable> programs() {
        return parts.stream().map(Member::program).distinct().toList();
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
            bindings.add(part.bind(all));
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
        return parts.subList(part + 1, parts.size()).stream().anyMatch(p -> p.reads(input));
    }

    @Override
    public long scratchBytes() {
        return programs().stream().mapToLong(Executable::scratchBytes).sum();
    }

    @Override
    public List<String> plan() {
        var programs = parts.stream().map(Member::program).toList();
        var lines = new ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            int first = programs.indexOf(part.program());
            boolean again = first < i;
            lines.add(
                    "-- part "
                            + (i + 1)
                            + " of "
                            + parts.size()
                            + " on "
                            + where(part)
                            + (again ? ", the program of part " + (first + 1) : ""));
            lines.addAll(again ? List.of() : part.program().plan());
        }
        return lines;
    }

    private static String where(Member part) {
        var reason = refusal(part);
        return reason.isEmpty() ? part.engine() : "cpu, not on " + part.engine() + ": " + reason;
    }

    /** Why a part is not where it was placed; empty if it is. */
    private static String refusal(Member part) {
        return part.program() instanceof Fallback program ? program.reason() : "";
    }

    @Override
    public Map<Integer, String> fallbacks() {
        var fallen = new LinkedHashMap<Integer, String>();
        for (int i = 0; i < parts.size(); i++) {
            var reason = refusal(parts.get(i));
            if (!reason.isEmpty()) {
                fallen.put(i + 1, reason);
            }
        }
        return fallen;
    }

    @Override
    public void close() {
        programs().forEach(Executable::close);
    }
}
