package jane.compile;

import jane.engine.Binding;
import jane.engine.Buffer;
import jane.engine.DeviceUse;
import jane.engine.Engine;
import jane.engine.Executable;
import jane.engine.Ports;
import jane.ir.Graph;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a placement as one executable: they run in order, on the engines of their sides. A
 * program that several parts share is bound once for each.
 */
final class PlacedExecutable implements Executable {
    /**
     * A part.
     *
     * @param engine it was placed on
     * @param program what runs
     * @param graph what it computes, under the part's names
     * @param border how its values reach the program
     */
    record Member(Engine engine, Executable program, Graph graph, Border border) {
        boolean reads(String name) {
            return graph.inputs().stream().anyMatch(p -> p.name().equals(name));
        }

        Binding bind(Map<String, Buffer> all) {
            var own = new HashMap<String, Buffer>();
            graph.inputs().forEach(p -> own.put(p.name(), all.get(p.name())));
            graph.outputs().forEach(p -> own.put(p.name(), all.get(p.name())));
            return border.bind(program, own, engine);
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
            for (var output : parts.get(i).graph().outputs()) {
                var type = output.value().type();
                var given = all.computeIfAbsent(output.name(), n -> allocate(type));
                var input = aliases.get(output.name());
                if (input != null && isReadAfter(i, input)) {
                    late.put(given, allocate(type));
                    all.put(output.name(), late.get(given));
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
        var engine = part.engine().name();
        return reason.isEmpty() ? engine : "cpu, not on " + engine + ": " + reason;
    }

    /** Why a part is not where it was placed; empty if it is. */
    private static String refusal(Member part) {
        return part.program() instanceof Fallback program ? program.reason() : "";
    }

    /** One run of all parts on the device, one after the other. */
    @Override
    public Optional<DeviceUse> deviceUse() {
        return parts.stream()
                .flatMap(part -> part.program().deviceUse().stream())
                .reduce(DeviceUse::plus);
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
