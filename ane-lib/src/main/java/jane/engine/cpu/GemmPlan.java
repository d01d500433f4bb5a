package jane.engine.cpu;

import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes of any matrix product one for {@link Gemm}, with copies only where no stride is 1 or the
 * type is not for it.
 */
final class GemmPlan {
    private final Gemm gemm;
    private final Kernels make;
    private final Function<TensorType, View> fresh;
    private final List<Kernel> kernels = new ArrayList<>();

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

    /** {@code c = a b}; c and K not empty. To be called once. */
    List<Kernel> matmul(View a, View b, View c) {
        fitted(a, b, c, v -> gemm.takes(v.dtype) && Matrix.fits(v), this::product);
        return kernels;
    }

    private interface Product {
        /** Adds the kernel. */
        void add(View a, View b, View c);
    }

    /** With copies in fp32 in place of what does not fit. */
    private void fitted(View a, View b, View c, Predicate<View> fits, Product product) {
        var fittingA = fits.test(a) ? a : copy(a);
        var fittingB = fits.test(b) ? b : copy(b);
        if (fits.test(c)) {
            product.add(fittingA, fittingB, c);
            return;
        }
        var result = floats(c);
        product.add(fittingA, fittingB, result);
        kernels.add(convert(result, c));
    }

    private View copy(View v) {
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

    private void product(View a, View b, View c) {
        if (Batch.count(c) > 1 && Batch.count(a) == Batch.count(c) && Batch.count(b) == 1) {
            int rows = Batch.count(c) * Matrix.rows(c);
            var allA = a.reshape(rows, Matrix.columns(a)).filter(Matrix::fits);
            var allC = c.reshape(rows, Matrix.columns(c)).filter(Matrix::fits);
            if (allA.isPresent() && allC.isPresent()) { // one matrix on the right: all in one
                product(allA.get(), lastTwo(b), allC.get());
                return;
            }
        }
        if (Matrix.rows(c) == 1 || Matrix.columns(c) == 1) {
            Product vector = (x, y, z) -> kernels.add(BlasVectorKernel.of(x, y, z));
            fitted(a, b, c, v -> v.dtype == DType.FP32, vector);
        } else if (Matrix.of(c).transposed()) {
            kernels.add(new GemmKernel(gemm, b.swapLast(), a.swapLast(), c.swapLast()));
        } else {
            kernels.add(new GemmKernel(gemm, a, b, c));
        }
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
