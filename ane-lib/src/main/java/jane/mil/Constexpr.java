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
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/**
 * The {@code constexpr_*} ops: constants that the text stores small. Each is unpacked where it is
 * read and becomes a constant like any other. Source: MIL, iOS 16 and iOS 18.
 */
enum Constexpr {
    /** {@code scale (q - zero_point)}, one of each or one per index of {@code axis}. */
    AFFINE_DEQUANTIZE(List.of("quantized_data", "scale"), List.of("zero_point", "axis")) {
        @Override
        List<Constant> unpack(ConstexprArgs args) {
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
        List<Constant> unpack(ConstexprArgs args) {
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
        List<Constant> unpack(ConstexprArgs args) {
            var data = args.stored("data");
            var scaled = new ShiftScale(args, data, data.shape());
            var out = result(args.stored("scale"), data.shape());
            return fill(out, i -> scaled.at(i, data.get(i)));
        }
    },

    /** Each index replaced by its entry in a palette. */
    LUT_TO_DENSE(List.of("indices", "lut"), List.of("shape", "vector_axis")) {
        @Override
        List<Constant> unpack(ConstexprArgs args) {
            return args.has("shape") ? flatPalette(args) : palettes(args);
        }

        /** iOS 16: one palette; indices packed in a uint8 list. */
        private List<Constant> flatPalette(ConstexprArgs args) {
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
        private List<Constant> palettes(ConstexprArgs args) {
            var indices = args.stored("indices");
            var lut = new Palettes(args, indices.type(), indices.shape());
            return fill(
                    entries(lut.table(), lut.shape()),
                    i -> lut.entry(i, (int) indices.get(lut.from(i))));
        }
    },

    /** The values where the mask has a one, in order; zero elsewhere. */
    SPARSE_TO_DENSE(List.of("nonzero_data", "mask"), List.of("shape")) {
        @Override
        List<Constant> unpack(ConstexprArgs args) {
            var values = args.stored("nonzero_data");
            var given = args.stored("mask");
            // iOS 16 packs the mask in a uint8 list and says the shape; iOS 18 has a uint1 tensor.
            var bits = args.has("shape") ? repacked(given, BlobType.UINT1, args.shape()) : given;
            var mask = new SparseMask(this, bits, values);
            IntToDoubleFunction element = i -> mask.at(i) ? values.get(mask.before(i)) : 0;
            if (values.type() == BlobType.INT4 || values.type() == BlobType.UINT4) {
                return List.of(stored(values.type(), bits.shape(), element));
            }
            return fill(entries(values, bits.shape()), element);
        }
    },

    /** {@link #LUT_TO_DENSE} of the elements that a mask keeps; gives the mask and their values. */
    LUT_TO_SPARSE(List.of("indices_mask", "indices_nonzero_data", "lut"), List.of("vector_axis")) {
        @Override
        List<Constant> unpack(ConstexprArgs args) {
            var indices = args.stored("indices_nonzero_data");
            var bits = args.stored("indices_mask");
            var mask = new SparseMask(this, bits, indices);
            var lut = new Palettes(args, indices.type(), bits.shape());
            var wide =
                    (Constant.Packed)
                            stored(BlobType.UINT1, lut.shape(), i -> mask.at(lut.from(i)) ? 1 : 0);
            int count = Math.multiplyExact(indices.shape().size(), lut.width());
            return kept(
                    wide,
                    entries(lut.table(), Shape.of(count)),
                    i -> mask.at(lut.from(i)),
                    i -> lut.entry(i, (int) indices.get(mask.before(lut.from(i)))));
        }
    },

    /** {@link #BLOCKWISE_SHIFT_SCALE} of the elements that a mask keeps, which it gives too. */
    SPARSE_BLOCKWISE_SHIFT_SCALE(List.of("data_mask", "nonzero_data", "scale"), List.of("offset")) {
        @Override
        List<Constant> unpack(ConstexprArgs args) {
            var data = args.stored("nonzero_data");
            var bits = args.stored("data_mask");
            var mask = new SparseMask(this, bits, data);
            var scaled = new ShiftScale(args, data, bits.shape());
            return kept(
                    new Constant.Packed(bits),
                    result(args.stored("scale"), data.shape()),
                    mask::at,
                    i -> scaled.at(i, data.get(mask.before(i))));
        }
    };

    private final List<String> required;
    private final List<String> optional;

    Constexpr(List<String> required, List<String> optional) {
        this.required = required;
        this.optional = optional;
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

    /** The constants that these arguments spell: one, or a mask and the values where it is one. */
    abstract List<Constant> unpack(ConstexprArgs args);

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
    List<Constant> fill(TensorType type, IntToDoubleFunction element) {
        Memory.check(mil(), type);
        var bytes = ByteBuffer.allocate((int) type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < type.shape().size(); i++) {
            ConstData.put(bytes, type.dtype(), element.applyAsDouble(i));
        }
        return List.of(new Constant.Data(ConstData.ofBytes(type, bytes.flip()), Optional.empty()));
    }

    /** A constant of a type that only storage has. */
    Constant stored(BlobType type, Shape shape, IntToDoubleFunction element) {
        var bytes = ByteBuffer.allocate((int) type.sizeBytes(shape.size()));
        for (int i = 0; i < shape.size(); i++) {
            type.put(bytes, i, element.applyAsDouble(i));
        }
        return new Constant.Packed(StoredTensor.ofBytes(type, shape, bytes));
    }

    /** A mask, and the elements that it keeps, in ascending order. */
    List<Constant> kept(
            Constant.Packed mask,
            TensorType type,
            IntPredicate isKept,
            IntToDoubleFunction element) {
        var next = new int[] {-1};
        var values =
                fill(
                        type,
                        i -> {
                            do {
                                next[0]++;
                            } while (!isKept.test(next[0]));
                            return element.applyAsDouble(next[0]);
                        });
        return List.of(mask, values.get(0));
    }
}
