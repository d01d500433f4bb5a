package jane.engine.cpu;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Dense;
import jane.ir.Half;
import jane.ir.Node;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs an op's own reference kernel: for integers, and for ops without a kernel here. Exact, but
 * slow, and the plan says so. Unlike other kernels it may allocate.
 */
final class ReferenceKernel<A> extends Kernel {
    private final Node<A> node;
    private final List<Dense> in = new ArrayList<>();
    private final List<Dense> out = new ArrayList<>();

    ReferenceKernel(Node<A> node, List<View> reads, List<View> writes) {
        super(reads, writes);
        this.node = node;
        reads.forEach(v -> in.add(Dense.zeros(v.type())));
        writes.forEach(v -> out.add(Dense.zeros(v.type())));
    }

    @Override
    String describe() {
        return "reference " + node.op().name();
    }

    @Override
    void run() {
        run(0, 0);
    }

    @Override
    public void run(int task, int worker) {
        for (int i = 0; i < in.size(); i++) {
            load(reads().get(i), in.get(i).data());
        }
        for (var result : out) {
            Arrays.fill(result.data(), 0); // reference kernels may add to it
        }
        node.op().reference(node.attrs(), in, out);
        for (int i = 0; i < out.size(); i++) {
            store(out.get(i).data(), writes().get(i));
        }
    }

    private void load(View view, double[] dst) {
        var nest = new Nest(view);
        var src = memory().bytes(view.storage.id);
        for (int i = 0; i < dst.length; i++) {
            int at = nest.row(i / nest.inner) + i % nest.inner * nest.step;
            dst[i] = ConstData.get(src, view.dtype, at);
        }
    }

    private void store(double[] src, View view) {
        var nest = new Nest(view);
        var dst = memory().bytes(view.storage.id);
        for (int i = 0; i < src.length; i++) {
            int at = nest.row(i / nest.inner) + i % nest.inner * nest.step;
            put(dst, view.dtype, at, src[i]);
        }
    }

    private static void put(ByteBuffer dst, DType dtype, int at, double value) {
        switch (dtype) {
            case FP32 -> dst.putFloat(4 * at, (float) value);
            case FP16 -> dst.putShort(2 * at, Half.fromDouble(value));
            case INT32 -> dst.putInt(4 * at, (int) dtype.round(value));
            case INT16, UINT16 -> dst.putShort(2 * at, (short) (int) dtype.round(value));
            case INT8, UINT8, BOOL -> dst.put(at, (byte) (int) dtype.round(value));
        }
    }
}
