package jane.engine.sim;

import jane.engine.Buffer;
import jane.engine.Executable;
import jane.engine.cpu.CpuEngine;
import jane.engine.sim.SimExecutable.Step;
import jane.ir.DType;
import jane.ir.Graph;
import jane.ir.Half;
import jane.ir.Leaf;
import jane.ir.Node;
import jane.ir.Value;
import jane.mil.MilPrinter;
import jane.op.Elementwise;
import jane.op.Logic;
import jane.op.Reductions;
import jane.op.Rounding;
import jane.op.Slicing;
import jane.target.Family;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * How a family of chips computes each op, as far as it is known. Products run in fixed point,
 * activations from tables, sums in fp16; every other op in fp32 and then, as all, to fp16 with ties
 * away from zero. Published findings of others, not run on hardware by us.
 */
final class Arithmetic {
    /** From here on the chip's round is off by one: it adds a half in fp16. */
    private static final float EXACT_ROUND = 1024;

    /** Products with this are halves or infinite in the crop of A13 and A14. */
    private static final float CROP_SCALE = 16;

    private final boolean truncatesConvolutions;
    private final boolean flushesSubnormals;
    private final boolean scalesCrops;

    /**
     * Of a family.
     *
     * <p>A16 convolutions: one with truncated results has the published error of M5 to 0.05 %, one
     * with rounded results that of M1 and M2. Deep stacks match neither.
     */
    Arithmetic(Family family) {
        truncatesConvolutions = family == Family.A16;
        flushesSubnormals = family == Family.A13;
        scalesCrops = family == Family.A13 || family == Family.A14;
    }

    /** A node on the buffers of its inputs and outputs, which hold halves as floats. */
    Step step(
            Node<?> node, List<Buffer> in, List<Buffer> out, CpuEngine cpu, List<Executable> own) {
        if (node.out().dtype() != DType.FP16) {
            return general(node, in, out, cpu, own);
        }
        if (Operands.takes(node)) {
            return contraction(node, in, out.get(0), cpu);
        }
        if (Curves.BY_OP.containsKey(node.op().name())) {
            return curve(node, in.get(0), out.get(0), cpu);
        }
        if (node.op() == Reductions.REDUCE_SUM) {
            return sum((Reductions.Axes) node.attrs(), in.get(0), out.get(0), cpu);
        }
        if (node.op() == Rounding.ROUND) {
            return eachHalf("round in fp16", in.get(0), out.get(0), cpu, Arithmetic::rounded);
        }
        if (node.op() == Logic.CAST && node.in(0).dtype().isFloat()) {
            return each("cast", in.get(0), out.get(0), cpu, x -> Half.round((float) x));
        }
        return general(node, in, out, cpu, own);
    }

    private Step contraction(Node<?> node, List<Buffer> in, Buffer out, CpuEngine cpu) {
        boolean truncates = truncatesConvolutions && !node.op().name().equals("matmul");
        var operands = Operands.of(node, truncates);
        var contractions = operands.contractions();
        var blocks = new ByteBuffer[contractions.size()];
        var rooms = new ByteBuffer[ExactLibrary.isPresent() ? cpu.threads() : 0];
        for (int i = 0; i < blocks.length && rooms.length > 0; i++) {
            blocks[i] = ExactLibrary.parameters(contractions.get(i));
        }
        for (int i = 0; i < rooms.length; i++) {
            rooms[i] = ExactLibrary.room();
        }
        return SimExecutable.step(
                "exact    " + node.op().name() + " " + node.out().type(),
                () -> {
                    operands.fill(in, cpu);
                    for (int i = 0; i < blocks.length; i++) {
                        run(contractions.get(i), blocks[i], rooms, cpu);
                    }
                    operands.result(out, cpu);
                });
    }

    private static void run(Contraction c, ByteBuffer block, ByteBuffer[] rooms, CpuEngine cpu) {
        cpu.parallel(
                c.blocks(),
                (task, worker) -> {
                    if (rooms.length == 0) {
                        c.block(task);
                    } else {
                        ExactLibrary.run(block, c.row(task), c.column(task), rooms[worker]);
                    }
                });
    }

    private Step curve(Node<?> node, Buffer in, Buffer out, CpuEngine cpu) {
        var f = Curves.BY_OP.get(node.op().name());
        double epsilon = node.attrs() instanceof Elementwise.Epsilon e ? e.epsilon() : 0;
        var shifted = HalfAway.round((float) epsilon);
        return eachHalf(
                "table    " + node.op().name(),
                in,
                out,
                cpu,
                x -> settled(f.applyAsDouble(HalfAway.round((float) (x + shifted)))));
    }

    /** A function of halves: its 65536 results are worked out when they are first needed. */
    private static Step eachHalf(
            String describe, Buffer in, Buffer out, CpuEngine cpu, DoubleUnaryOperator f) {
        var results = new float[1 << 16];
        Arrays.fill(results, Float.NaN); // not known, or a NaN, which is worked out each time
        return each(
                describe,
                in,
                out,
                cpu,
                x -> {
                    int half = Half.fromFloat((float) x) & 0xffff;
                    float y = results[half];
                    if (Float.isNaN(y)) { // two threads may both do this, with the same result
                        y = (float) f.applyAsDouble(x);
                        results[half] = y;
                    }
                    return y;
                });
    }

    private static Step each(
            String describe, Buffer in, Buffer out, CpuEngine cpu, DoubleUnaryOperator f) {
        int n = out.type().shape().size();
        return SimExecutable.step(
                describe,
                () -> {
                    var from = in.bytes().asFloatBuffer();
                    var to = out.bytes().asFloatBuffer();
                    Halves.each(
                            n,
                            cpu,
                            (first, count) -> {
                                for (int i = first; i < first + count; i++) {
                                    to.put(i, (float) f.applyAsDouble(from.get(i)));
                                }
                            });
                });
    }

    /** To the nearest integer by adding a half in fp16, which is coarse from 1024 on. */
    private static double rounded(double x) {
        float size = HalfAway.round((float) Math.abs(x) + 0.5f);
        double whole = size >= EXACT_ROUND ? size : Math.floor(size);
        return Math.copySign(whole, x);
    }

    /** As a result leaves the chip. */
    private float settled(double x) {
        return Halves.settled(x, flushesSubnormals);
    }

    /**
     * A sum in fp16, in pairs: partial sums are known to be halves (2049 ones are 2050), their
     * order is not.
     */
    private Step sum(Reductions.Axes a, Buffer in, Buffer out, CpuEngine cpu) {
        var shape = in.type().shape();
        var reduced = new boolean[shape.rank()];
        a.axes().forEach(axis -> reduced[Math.floorMod(axis, shape.rank())] = true);
        var kept = new ArrayList<Integer>();
        var summed = new ArrayList<Integer>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            (reduced[axis] ? summed : kept).add(axis);
        }
        int[] starts = places(shape.toArray(), shape.strides(), kept);
        int[] terms = places(shape.toArray(), shape.strides(), summed);
        int tasks = Math.min(starts.length, cpu.threads());
        return SimExecutable.step(
                "halves   reduce_sum " + in.type(),
                () -> {
                    var from = in.bytes().asFloatBuffer();
                    var to = out.bytes().asFloatBuffer();
                    cpu.parallel(
                            tasks,
                            (task, worker) -> {
                                var values = new float[terms.length];
                                for (int i = task; i < starts.length; i += tasks) {
                                    for (int j = 0; j < terms.length; j++) {
                                        values[j] = from.get(starts[i] + terms[j]);
                                    }
                                    to.put(i, inPairs(values));
                                }
                            });
                });
    }

    private static int[] places(int[] dims, int[] strides, List<Integer> axes) {
        int count = 1;
        for (int axis : axes) {
            count *= dims[axis];
        }
        var places = new int[count];
        for (int i = 0; i < count; i++) {
            int rest = i;
            for (int k = axes.size() - 1; k >= 0; k--) {
                places[i] += rest % dims[axes.get(k)] * strides[axes.get(k)];
                rest /= dims[axes.get(k)];
            }
        }
        return places;
    }

    private float inPairs(float[] values) {
        int n = values.length;
        if (n == 0) {
            return 0;
        }
        while (n > 1) {
            int half = n / 2;
            for (int i = 0; i < half; i++) {
                values[i] = settled(values[2 * i] + values[2 * i + 1]);
            }
            if (n % 2 == 1) {
                values[half] = values[n - 1];
            }
            n = half + n % 2;
        }
        return values[0];
    }

    /** By the cpu engine in fp32, then rounded. */
    private Step general(
            Node<?> node, List<Buffer> in, List<Buffer> out, CpuEngine cpu, List<Executable> own) {
        var ports = new ArrayList<Graph.Port>();
        var inputs = new ArrayList<Value>();
        var bound = new LinkedHashMap<String, Buffer>();
        for (int i = 0; i < in.size(); i++) {
            inputs.add(Leaf.input(in.get(i).type()));
            ports.add(new Graph.Port("x" + i, inputs.get(i)));
            bound.put("x" + i, in.get(i));
        }
        var made = node.withInputs(inputs);
        var results = new ArrayList<Graph.Port>();
        var converted = new LinkedHashMap<Buffer, Buffer>(); // by identity
        for (int i = 0; i < out.size(); i++) {
            var value = made.outputs().get(i);
            results.add(new Graph.Port("y" + i, value));
            var result = out.get(i);
            if (!result.type().equals(value.type())) { // fp16 by an attribute of the op
                result = cpu.allocate(value.type());
                converted.put(result, out.get(i));
            }
            bound.put("y" + i, result);
        }
        var executable = cpu.compile(MilPrinter.print(Graph.of(ports, results)));
        own.add(executable);
        var binding = executable.bind(bound);
        boolean crop = scalesCrops && cropsColumns(node);
        return SimExecutable.step(
                "cpu      " + node.op().name() + " " + node.out().type(),
                () -> {
                    binding.run();
                    converted.forEach(Arithmetic::convert);
                    for (int i = 0; i < out.size(); i++) {
                        if (node.outputs().get(i).dtype() == DType.FP16) {
                            settle(out.get(i), crop, cpu);
                        }
                    }
                });
    }

    private static void convert(Buffer from, Buffer to) {
        var values = new float[from.type().shape().size()];
        from.get(values);
        to.put(values);
    }

    /**
     * Whether a slice begins inside the last axis, which these chips do by way of x16 values. Of
     * other ops that name a part of a tensor, such as slice_update, no such finding is known.
     */
    private static boolean cropsColumns(Node<?> node) {
        if (node.attrs() instanceof Slicing.Part part) {
            return isInside(part.begin());
        }
        return node.op() == Slicing.SLICE
                && node.attrs() instanceof Slicing.Slice slice
                && isInside(slice.begin());
    }

    private static boolean isInside(List<Integer> begin) {
        return !begin.isEmpty() && begin.get(begin.size() - 1) != 0;
    }

    private void settle(Buffer buffer, boolean crop, CpuEngine cpu) {
        int n = buffer.type().shape().size();
        Halves.settle(buffer.bytes(), n, flushesSubnormals, cpu);
        if (crop) {
            var values = buffer.bytes().asFloatBuffer();
            for (int i = 0; i < n; i++) {
                values.put(i, settled(values.get(i) * CROP_SCALE) / CROP_SCALE);
            }
        }
    }
}
