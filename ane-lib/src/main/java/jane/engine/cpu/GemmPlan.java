package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes of any matrix product one for {@link Gemm}, with copies only where no stride is 1, or fp16.
 */
final class GemmPlan {
    private final Gemm gemm;
    private final Kernels make;
    private final Function<TensorType, View> fresh;

    /**
     * A plan.
     *
     * @param gemm who multiplies matrices
     * @param make makes the kernels that convert
     * @param fresh gives memory for what they convert to
     */
    GemmPlan(Gemm gemm, Kernels make, Function<TensorType, View> fresh) {
        this.gemm = gemm;
        this.make = make;
        this.fresh = fresh;
    }

    /** {@code c = a b}; c and K not empty. */
    List<Kernel> matmul(View a, View b, View c) {
        var kernels = new ArrayList<Kernel>();
        var fullA = fitting(a, kernels);
        var fullB = fitting(b, kernels);
        if (Matrix.fits(c)) {
            kernels.add(product(fullA, fullB, c));
            return kernels;
        }
        var result = floats(c);
        kernels.add(product(fullA, fullB, result));
        kernels.add(convert(result, c));
        return kernels;
    }

    private View fitting(View v, List<Kernel> kernels) {
        if (Matrix.fits(v)) {
            return v;
        }
        var copy = floats(v);
        kernels.add(convert(v, copy));
        return copy;
    }

    private View floats(View like) {
        return fresh.apply(new TensorType(DType.FP32, Shape.of(like.dims)));
    }

    /** A copy that is rounded to the type of {@code to}. */
    private Kernel convert(View from, View to) {
        var load = List.of(new FusedKernel.Port(from, 0));
        var move = List.of(new FusedKernel.Step(Lane.MOVE, 1, 0, 0, 0, 0, 0));
        var store = List.of(new FusedKernel.Port(to, 1));
        return make.fused(
                new FusedKernel.Code(
                        "for matmul", from.size(), load, List.of(), move, store, List.of(), 2));
    }

    private Kernel product(View a, View b, View c) {
        if (Batch.count(c) > 1 && Batch.count(a) == Batch.count(c) && Batch.count(b) == 1) {
            int rows = Batch.count(c) * Matrix.rows(c);
            var allA = a.reshape(rows, Matrix.columns(a)).filter(Matrix::fits);
            var allC = c.reshape(rows, Matrix.columns(c)).filter(Matrix::fits);
            if (allA.isPresent() && allC.isPresent()) { // one matrix on the right: all in one
                return product(allA.get(), lastTwo(b), allC.get());
            }
        }
        if (Matrix.rows(c) == 1 || Matrix.columns(c) == 1) {
            return BlasVectorKernel.of(a, b, c);
        }
        return Matrix.of(c).transposed()
                ? new GemmKernel(gemm, b.swapLast(), a.swapLast(), c.swapLast())
                : new GemmKernel(gemm, a, b, c);
    }

    private static View lastTwo(View v) {
        int k = v.rank() - 2;
        return new View(
                v.storage,
                v.dtype,
                v.offset,
                new int[] {v.dims[k], v.dims[k + 1]},
                new int[] {v.strides[k], v.strides[k + 1]});
    }
}
