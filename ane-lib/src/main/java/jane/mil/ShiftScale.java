package jane.mil;

import jane.ir.Shape;
import java.util.List;
import java.util.Optional;

/** {@code scale (data - offset)}, each scale and offset for a block of the data. */
final class ShiftScale {
    private static final List<BlobType> TYPES =
            List.of(
                    BlobType.INT4,
                    BlobType.UINT4,
                    BlobType.INT8,
                    BlobType.UINT8,
                    BlobType.FP16,
                    BlobType.FP32);

    private final StoredTensor scale;
    private final Optional<StoredTensor> offset;
    private final BlockGrid blocks;

    /** The arguments {@code scale} and {@code offset}, for data of a dense shape. */
    ShiftScale(ConstexprArgs args, StoredTensor data, Shape shape) {
        var op = args.op();
        scale = args.stored("scale");
        offset = args.find("offset");
        op.require(TYPES.contains(data.type()), data, "int4, uint4, int8, uint8, fp16 or fp32");
        offset.ifPresent(
                o -> op.require(o.shape().equals(scale.shape()), o, "shape " + scale.shape()));
        blocks = new BlockGrid(shape, scale.shape(), op);
    }

    /** What {@code value} stands for as element {@code i} of the dense data. */
    double at(int i, double value) {
        int block = blocks.at(i);
        double shift = offset.isPresent() ? offset.get().get(block) : 0;
        return scale.get(block) * (value - shift);
    }
}
