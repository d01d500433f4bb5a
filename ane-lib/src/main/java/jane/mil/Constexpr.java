package jane.mil;

import jane.ir.ConstData;
import jane.ir.DType;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * The {@code constexpr_*} ops: constants that the text stores small. Each is unpacked where it is
 * read and becomes a constant like any other. Source: MIL, iOS 16 and iOS 18.
 */
enum Constexpr {
    /** {@code scale (q - zero_point)}, one of each or one per index of {@code axis}. */
    AFFINE_DEQUANTIZE(List.of("quantized_data", "scale"), List.of("zero_point", "axis")) {
        @Override
        ConstData unpack(Args args) {
            var q = args.stored("quantized_data");
            var scale = args.stored("scale");
            require(q.type() == BlobType.INT8 || q.type() == BlobType.UINT8, q, "int8 or uint8");
            var out = result(scale, q.shape());
            var zero = args.find("zero_point");
            zero.ifPresent(z -> require(z.type() == q.type(), z, q.type().mil() + " zero_point"));
            var shape = q.shape();
            boolean one =
                    scale.shape().size() == 1 && zero.map(z -> z.shape().size()).orElse(1) == 1;
            int axis = one ? 0 : shape.axis(args.integer("axis"), mil());
            int inner = 1;
            for (int i = axis + 1; i < shape.rank(); i++) {
                inner *= shape.dim(i);
            }
            int step = inner;
            int channels = one ? 1 : shape.dim(axis);
            checkChannels(scale, channels);
            zero.ifPresent(z -> checkChannels(z, channels));
            return fill(
                    out,
                    i -> {
                        int c = i / step % channels;
                        double shift = zero.map(z -> per(z, c)).orElse(0.0);
                        return per(scale, c) * (q.get(i) - shift);
                    });
        }

        private double per(StoredTensor values, int channel) {
            return values.get(values.shape().size() == 1 ? 0 : channel);
        }

        private void checkChannels(StoredTensor values, int channels) {
            int size = values.shape().size();
            boolean list = values.shape().rank() == 1 && size == channels;
            require(size == 1 || list, values, "one value or a list of " + channels);
        }
    },

    /** The same values in another float type. */
    CAST(List.of("source_val", "output_dtype"), List.of()) {
        @Override
        ConstData unpack(Args args) {
            var x = args.stored("source_val");
            var dtype = args.text("output_dtype");
            require(isFloat(x), x, "fp16 or fp32");
            require(dtype.equals("fp16") || dtype.equals("fp32"), dtype, "fp16 or fp32");
            return fill(new TensorType(DType.ofMil(dtype), x.shape()), x::get);
        }
    },

    /** {@code scale (data - offset)}, each scale and offset for a block of the data. */
    BLOCKWISE_SHIFT_SCALE(List.of("data", "scale"), List.of("offset")) {
        @Override
        ConstData unpack(Args args) {
            var data = args.stored("data");
            var scale = args.stored("scale");
            var offset = args.find("offset");
            boolean known =
                    List.of(BlobType.INT4, BlobType.UINT4, BlobType.INT8, BlobType.UINT8)
                            .contains(data.type());
            require(known || isFloat(data), data, "int4, uint4, int8, uint8, fp16 or fp32");
            var out = result(scale, data.shape());
            offset.ifPresent(
                    o -> require(o.shape().equals(scale.shape()), o, "shape " + scale.shape()));
            var blocks = new Grid(data.shape(), scale.shape(), this);
            return fill(
                    out,
                    i -> {
                        int block = blocks.at(i);
                        double shift = offset.map(o -> o.get(block)).orElse(0.0);
                        return scale.get(block) * (data.get(i) - shift);
                    });
        }
    },

    /** Each index replaced by its entry in a palette. */
    LUT_TO_DENSE(List.of("indices", "lut"), List.of("shape", "vector_axis")) {
        @Override
        ConstData unpack(Args args) {
            return args.has("shape") ? flatPalette(args) : palettes(args);
        }

        /** iOS 16: one palette; indices packed in a uint8 list. */
        private ConstData flatPalette(Args args) {
            var indices = args.stored("indices");
            var lut = args.stored("lut");
            int bits = Integer.numberOfTrailingZeros(Math.max(1, lut.shape().size()));
            boolean power = List.of(1, 2, 4, 6, 8).contains(bits) && lut.shape().rank() == 1;
            require(power && lut.shape().size() == 1 << bits, lut, "a list of 2, 4, 16, 64 or 256");
            var shape = args.shape();
            var packed = repacked(indices, bits == 8 ? BlobType.UINT8 : unsigned(bits), shape);
            return fill(entries(lut, shape), i -> lut.get((int) packed.get(i)));
        }

        /** iOS 18: a palette per block, of single numbers or of vectors along an axis. */
        private ConstData palettes(Args args) {
            var indices = args.stored("indices");
            var lut = args.stored("lut");
            boolean index = indices.type().name().startsWith("UINT") && indices.type().bits() <= 8;
            require(index, indices, "uint1, uint2, uint3, uint4, uint6 or uint8");
            int rank = indices.shape().rank();
            int count = 1 << indices.type().bits();
            boolean fits = lut.shape().rank() == rank + 2 && lut.shape().dim(rank) == count;
            require(fits, lut, "rank " + (rank + 2) + " and " + count + " entries a palette");
            int width = lut.shape().dim(rank + 1);
            require(width >= 1 && width <= MOST_VECTOR, lut, "vectors of 1 to " + MOST_VECTOR);
            var dims = indices.shape().toList();
            var outer =
                    new Grid(
                            indices.shape(), Shape.of(lut.shape().toList().subList(0, rank)), this);
            if (width == 1) {
                var out = entries(lut, indices.shape());
                return fill(out, i -> lut.get(outer.at(i) * count + (int) indices.get(i)));
            }
            int axis = indices.shape().axis(args.integer("vector_axis"), mil());
            var wide = new ArrayList<>(dims);
            wide.set(axis, Math.multiplyExact(dims.get(axis), width));
            int step = 1;
            for (int k = axis + 1; k < rank; k++) {
                step *= dims.get(k);
            }
            int inner = step;
            return fill(
                    entries(lut, Shape.of(wide)),
                    i -> {
                        int within = i / inner % width;
                        int from = i / (inner * width) * inner + i % inner;
                        int entry = outer.at(from) * count + (int) indices.get(from);
                        return lut.get(entry * width + within);
                    });
        }
    },

    /** The values where the mask has a one, in order; zero elsewhere. */
    SPARSE_TO_DENSE(List.of("nonzero_data", "mask"), List.of("shape")) {
        @Override
        ConstData unpack(Args args) {
            var values = args.stored("nonzero_data");
            var given = args.stored("mask");
            // iOS 16 packs the mask in a uint8 list and says the shape; iOS 18 has a uint1 tensor.
            var mask = args.has("shape") ? repacked(given, BlobType.UINT1, args.shape()) : given;
            require(mask.type() == BlobType.UINT1, mask, "a mask of uint1, or of uint8 with shape");
            require(values.shape().rank() == 1, values, "a list");
            int ones = 0;
            for (int i = 0; i < mask.shape().size(); i++) {
                ones += (int) mask.get(i);
            }
            require(ones == values.shape().size(), values, ones + " values, as the mask has ones");
            var next = new int[1];
            return fill(
                    entries(values, mask.shape()),
                    i -> mask.get(i) == 0 ? 0 : values.get(next[0]++));
        }
    };

    /** More entries than any tool writes; bounds how far a small text can grow. */
    private static final int MOST_VECTOR = 64;

    private final List<String> required;
    private final List<String> optional;

    Constexpr(List<String> required, List<String> optional) {
        this.required = required;
        this.optional = optional;
    }

    /** The arguments of one statement, all constant. */
    record Args(Constexpr op, Map<String, Constant> values) {
        boolean has(String name) {
            return values.containsKey(name);
        }

        StoredTensor stored(String name) {
            var value = values.get(name);
            if (value instanceof Constant.Packed packed) {
                return packed.data();
            }
            if (value instanceof Constant.Data data) {
                return StoredTensor.of(data.data());
            }
            throw new ShapeException(op.mil(), "a string for '%s'; need numbers", name);
        }

        Optional<StoredTensor> find(String name) {
            return has(name) ? Optional.of(stored(name)) : Optional.empty();
        }

        String text(String name) {
            if (values.get(name) instanceof Constant.Text text) {
                return text.value();
            }
            throw new ShapeException(
                    op.mil(), "%s for '%s'; need a string", values.get(name), name);
        }

        int integer(String name) {
            var value = find(name);
            if (value.isEmpty() || value.get().shape().size() != 1 || !value.get().type().isInt()) {
                throw new ShapeException(op.mil(), "no number for '%s'; need an int32", name);
            }
            return (int) value.get().get(0);
        }

        Shape shape() {
            var given = stored("shape");
            op.require(
                    given.type().isInt() && given.shape().rank() == 1, given, "a list of uint32");
            op.require(given.shape().size() <= Limits.DEPTH, given, "a shape");
            var dims = new int[given.shape().size()];
            Arrays.setAll(dims, i -> (int) given.get(i));
            return Shape.of(dims);
        }
    }

    /** Which coarse cell an element lies in: blocks of equal size along each axis. */
    private static final class Grid {
        private final int[] dims;
        private final int[] block;
        private final int[] strides;

        Grid(Shape fine, Shape coarse, Constexpr op) {
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

    /** The op's name in MIL. */
    String mil() {
        return "constexpr_" + name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<Constexpr> ofMil(String name) {
        return Arrays.stream(values()).filter(c -> c.mil().equals(name)).findFirst();
    }

    /** Parameters that text must give. */
    List<String> required() {
        return required;
    }

    /** All parameters. */
    List<String> params() {
        var all = new ArrayList<>(required);
        all.addAll(optional);
        return all;
    }

    /** The constant that these arguments spell. */
    abstract ConstData unpack(Args args);

    void require(boolean holds, Object found, String need) {
        if (!holds) {
            throw new ShapeException(mil(), "%s; need %s", found, need);
        }
    }

    boolean isFloat(StoredTensor x) {
        return x.type() == BlobType.FP16 || x.type() == BlobType.FP32;
    }

    /** The type of values in the scale's float type. */
    TensorType result(StoredTensor scale, Shape shape) {
        require(isFloat(scale), scale, "a scale of fp16 or fp32");
        return new TensorType(scale.type().carrier(), shape);
    }

    /** The type of values that are copied. */
    TensorType entries(StoredTensor from, Shape shape) {
        require(from.type().isValueType(), from, "fp16, fp32 or an int type of 8 to 32 bits");
        return new TensorType(from.type().carrier(), shape);
    }

    static BlobType unsigned(int bits) {
        return BlobType.ofMil("uint" + bits).orElseThrow();
    }

    /** A uint8 list that is really packed elements of {@code type}. */
    StoredTensor repacked(StoredTensor list, BlobType type, Shape shape) {
        long need = type.sizeBytes(shape.size());
        boolean fits = list.type() == BlobType.UINT8 && list.shape().size() == need;
        require(fits, list, need + " of uint8 for " + StoredTensor.name(type, shape));
        return StoredTensor.ofBytes(type, shape, list.bytes());
    }

    /** A constant of this type with these elements, in ascending order. */
    ConstData fill(TensorType type, IntToDoubleFunction element) {
        Memory.check(mil(), type);
        var bytes = ByteBuffer.allocate((int) type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < type.shape().size(); i++) {
            ConstData.put(bytes, type.dtype(), element.applyAsDouble(i));
        }
        return ConstData.ofBytes(type, bytes.flip());
    }
}
