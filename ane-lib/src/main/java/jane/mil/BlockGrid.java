package jane.mil;

import jane.ir.Shape;
import java.util.Arrays;

/** Which coarse cell an element lies in: blocks of equal size along each axis. */
final class BlockGrid {
    private final int[] dims;
    private final int[] block;
    private final int[] strides;

    BlockGrid(Shape fine, Shape coarse, Constexpr op) {
        int rank = fine.rank();
        boolean fits = coarse.rank() == rank;
        for (int k = 0; fits && k < rank; k++) {
            fits = coarse.dim(k) > 0 && fine.dim(k) % coarse.dim(k) == 0;
        }
        op.require(fits, coarse, "the rank of " + fine + " and dims that divide its dims");
        dims = new int[rank];
        block = new int[rank];
        Arrays.setAll(dims, fine::dim);
        Arrays.setAll(block, k -> fine.dim(k) / coarse.dim(k));
        strides = coarse.strides();
    }

    int at(int flat) {
        int cell = 0;
        for (int k = dims.length - 1; k >= 0; k--) {
            cell += flat % dims[k] / block[k] * strides[k];
            flat /= dims[k];
        }
        return cell;
    }
}
