package jane.engine.cpu;

import jane.engine.Engine;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** CPU engines that are right but for one kernel. */
public class PlantedKernels implements Kernels {
    private final Kernels right = new JavaKernels("planted");

    PlantedKernels() {}

    /** Engines by what is wrong with them. */
    public static Map<String, Supplier<Engine>> bugs() {
        var bugs = new LinkedHashMap<String, Supplier<Engine>>();
        bugs.put(
                "the minimum is a maximum",
                with(
                        new PlantedKernels() {
                            @Override
                            public Kernel reduce(
                                    ReduceKernel.Kind kind, View x, View y, boolean[] isReduced) {
                                boolean min = kind == ReduceKernel.Kind.MIN;
                                var wrong = min ? ReduceKernel.Kind.MAX : kind;
                                return super.reduce(wrong, x, y, isReduced);
                            }
                        }));
        bugs.put("softmax forgets what it is a share of", with(instead(Lane.LINE_SHARE)));
        bugs.put("the sum of a line is its largest", with(instead(Lane.LINE_SUM)));
        bugs.put(
                "a copy writes nothing",
                with(
                        new PlantedKernels() {
                            @Override
                            public Kernel copy(String why, View from, View to) {
                                return super.copy(why, to, to);
                            }
                        }));
        bugs.put(
                "a fill is off by one",
                with(
                        new PlantedKernels() {
                            @Override
                            public Kernel fill(float value, View y) {
                                return super.fill(value + 1, y);
                            }
                        }));
        bugs.put(
                "a scatter forgets what was there",
                with(
                        new PlantedKernels() {
                            @Override
                            public Kernel scatter(
                                    View x, View indices, View updates, View y, int axis) {
                                return super.fill(0, y);
                            }
                        }));
        return bugs;
    }

    /** The largest of a line in place of something else. */
    private static PlantedKernels instead(Lane lane) {
        return new PlantedKernels() {
            @Override
            public Kernel fused(FusedKernel.Code code) {
                var steps = new ArrayList<FusedKernel.Step>();
                for (var s : code.steps()) {
                    var now = s.lane() == lane ? Lane.LINE_MAX : s.lane();
                    steps.add(
                            new FusedKernel.Step(
                                    now, s.d(), s.a(), s.b(), s.c(), s.p(), s.q(), s.narrow()));
                }
                return super.fused(
                        new FusedKernel.Code(
                                code.ops(),
                                code.size(),
                                code.line(),
                                code.loads(),
                                code.constants(),
                                steps,
                                code.stores(),
                                code.totals(),
                                code.registers()));
            }
        };
    }

    private static Supplier<Engine> with(Kernels kernels) {
        return () -> new CpuEngine(1, kernels);
    }

    @Override
    public String description() {
        return "planted";
    }

    @Override
    public ByteBuffer allocate(long size) {
        return right.allocate(size);
    }

    @Override
    public long address(ByteBuffer direct) {
        return right.address(direct);
    }

    @Override
    public Kernel fused(FusedKernel.Code code) {
        return right.fused(code);
    }

    @Override
    public List<Kernel> matmul(View a, View b, View c, Function<TensorType, View> fresh) {
        return right.matmul(a, b, c, fresh);
    }

    @Override
    public Kernel conv(ConvSpec spec) {
        return right.conv(spec);
    }

    @Override
    public Kernel pool(PoolSpec spec, View x, View y) {
        return right.pool(spec, x, y);
    }

    @Override
    public Kernel poolGradient(PoolSpec spec, List<View> operands, boolean relu, View dx) {
        return right.poolGradient(spec, operands, relu, dx);
    }

    @Override
    public Kernel reduce(ReduceKernel.Kind kind, View x, View y, boolean[] isReduced) {
        return right.reduce(kind, x, y, isReduced);
    }

    @Override
    public Kernel gather(View x, View indices, View y, int axis) {
        return right.gather(x, indices, y, axis);
    }

    @Override
    public Kernel scatter(View x, View indices, View updates, View y, int axis) {
        return right.scatter(x, indices, updates, y, axis);
    }

    @Override
    public Kernel copy(String why, View from, View to) {
        return right.copy(why, from, to);
    }

    @Override
    public Kernel fill(float value, View y) {
        return right.fill(value, y);
    }
}
