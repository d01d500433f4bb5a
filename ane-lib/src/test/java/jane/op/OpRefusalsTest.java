package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.grad.Gradients;
import jane.ir.DType;
import jane.ir.JaneException;
import jane.ir.Leaf;
import jane.ir.Literal;
import jane.ir.NoAttrs;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.TensorType;
import jane.ir.Value;
import jane.mil.MilParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ops refuse, in whole sentences. */
class OpRefusalsTest {
    private static Value fp32(int... dims) {
        return Leaf.input(TensorType.fp32(dims));
    }

    private static Value of(DType dtype, int... dims) {
        return Leaf.input(new TensorType(dtype, Shape.of(dims)));
    }

    private static <A> void refused(String message, Op<A> op, A attrs, Value... in) {
        var error = assertThrows(JaneException.class, () -> Node.of(op, attrs, List.of(in)));
        assertEquals(message, error.getMessage());
    }

    private static Slicing.Slice slice(int begin, int end, int stride, boolean squeeze) {
        return new Slicing.Slice(List.of(begin), List.of(end), List.of(stride), List.of(squeeze));
    }

    @Test
    void wholeNumbersAreNotDividedNorRaised() {
        var whole = of(DType.INT32, 2);
        for (var op : List.of(Elementwise.REAL_DIV, Elementwise.POW)) {
            refused(
                    "[" + op.name() + "] input is int32; need fp16 or fp32: cast it first",
                    op,
                    NoAttrs.NONE,
                    whole,
                    whole);
        }
    }

    @Test
    void shapesFromElsewhere() {
        refused(
                "[flatten2d] axis 3 for shape [2, 3]; need -2 to 2",
                Likeness.FLATTEN2D,
                new Likeness.Flatten(3),
                fp32(2, 3));
        refused(
                "[reshape_like] cannot view [2, 3] (6 elements) as [4]; need the same number of"
                        + " elements",
                Likeness.RESHAPE_LIKE,
                new Likeness.Ranges(List.of(1), List.of(-1), List.of(false)),
                fp32(2, 3),
                fp32(2, 4, 6));
        refused(
                "[slice_update] update of shape [2] for a slice of [5]; need [3]",
                SliceUpdate.SLICE_UPDATE,
                slice(1, 4, 1, false),
                fp32(5),
                fp32(2));
        refused(
                "[reverse_sequence] lengths tensor<int32, [3]>, seq_axis = 1 and batch_axis = 0 for"
                        + " input [2, 3]; need two axes and a length for each index of batch_axis:"
                        + " tensor<int32, [2]>",
                Splitting.REVERSE_SEQUENCE,
                new Splitting.Sequences(1, 0),
                fp32(2, 3),
                of(DType.INT32, 3));
    }

    @Test
    void slicesAndParts() {
        refused(
                "[slice_by_index] axis 0: 4 to -2 of shape [5]; need -1 <= end <= begin < 5 for a"
                        + " step backward",
                Slicing.SLICE,
                slice(4, -2, -1, false),
                fp32(5));
        refused(
                "[slice_by_index] axis 0 of shape [5] is squeezed but has 2 indices; need one",
                Slicing.SLICE,
                slice(0, 2, 1, true),
                fp32(5));
        refused(
                "[slice_by_size] axis 1: 3 elements from 1 of shape [2, 3]; need a part of the 3",
                Slicing.SLICE_BY_SIZE,
                new Slicing.Part(List.of(0, 1), List.of(-1, 3)),
                fp32(2, 3));
        refused(
                "[split] split_sizes = [1, 1] for axis 1 of shape [2, 3]; need one or more that add"
                        + " up to 3",
                Splitting.SPLIT,
                new Splitting.Split(List.of(1, 1), -1),
                fp32(2, 3));
        refused(
                "[reverse] axes [0, -2] name axis 0 twice; need each once",
                Splitting.REVERSE,
                new Movement.AxisList(List.of(0, -2)),
                fp32(2, 3));
        refused(
                "[sliding_windows] windows of 4, 1 apart, on axis 1 of shape [2, 3]; need a size of"
                        + " 1 to 3 and a stride of 1 or more",
                Splitting.SLIDING_WINDOWS,
                new Splitting.Windows(1, 4, 1),
                fp32(2, 3));
        refused(
                "[crop] input has shape [2, 3]; need rank 3 or more",
                Slicing.CROP,
                new Slicing.Crop(List.of(0, 0), List.of(0, 0)),
                fp32(2, 3));
    }

    @Test
    void joinsAndBorders() {
        refused(
                "[stack] operands tensor<fp32, [2]> and tensor<fp32, [3]>; need one type and shape",
                Joining.STACK,
                new Joining.Stack(0),
                fp32(2),
                fp32(3));
        refused(
                "[stack] axis 2 for operands of shape [2]; need -2 to 1",
                Joining.STACK,
                new Joining.Stack(2),
                fp32(2));
        refused(
                "[tile] reps = [0] contains 0; need 1 or more",
                Joining.TILE,
                new Joining.Tile(List.of(0)),
                fp32(2));
        refused(
                "[tile] the result has 4294967294 elements on one axis; need at most 2^31 - 1",
                Joining.TILE,
                new Joining.Tile(List.of(Integer.MAX_VALUE)),
                fp32(2));
        refused(
                "[pad] reflect by 2 on axis 0 of shape [2]; need at most 1",
                Padding.PAD,
                new Padding.Pad(List.of(0, 2), "reflect", 0),
                fp32(2));
        refused(
                "[pad] mode \"wrap\"; need one of [constant, reflect, replicate]",
                Padding.PAD,
                new Padding.Pad(List.of(0, 1), "wrap", 0),
                fp32(2));
        refused(
                "[expand_dims] axes [0, -3] for shape [2]; need each of -3 to 2 at most once",
                Movement.EXPAND_DIMS,
                new Movement.AxisList(List.of(0, -3)),
                fp32(2));
    }

    @Test
    void ordersAndGenerators() {
        refused(
                "[topk] k = 4 on axis 1 of shape [2, 3]; need 0 to 3, or -1 for all",
                Sorting.TOPK,
                Sorting.TopK.of(4, -1),
                fp32(2, 3));
        refused(
                "[reduce_argmax] axis 0 of shape [0, 3] is empty; need 1 or more",
                Sorting.REDUCE_ARGMAX,
                new Sorting.Arg(0, false, DType.INT32),
                fp32(0, 3));
        refused(
                "[reduce_argmin] indices of type fp16; need int32 or uint16",
                Sorting.REDUCE_ARGMIN,
                new Sorting.Arg(0, false, DType.FP16),
                fp32(2));
        refused(
                "[range_1d] fp32 from 0.0 to 1.0 in steps of 0.0; need numbers, a step other than 0"
                        + " and fewer than 2^31 of them",
                Generators.RANGE_1D,
                new Generators.Range(DType.FP32, 0, 1, 0));
        refused(
                "[one_hot] indices are fp32; need int32: cast them first",
                Generators.ONE_HOT,
                new Generators.OneHot(3, -1, DType.FP32, 1, 0),
                fp32(2));
        refused(
                "[band_part] input has shape [2]; need rank 2 or more",
                Generators.BAND_PART,
                new Generators.Band(0, 0),
                fp32(2));
    }

    @Test
    void normsAndProducts() {
        refused(
                "[layer_norm] gamma or beta of shape [2] for axes [-1] of shape [2, 3]; need [3]",
                Normalisation.LAYER_NORM,
                new Normalisation.Layer(List.of(-1), 1e-5),
                fp32(2, 3),
                fp32(2));
        refused(
                "[batch_norm] a parameter of shape [2] for input [2, 3, 4]; need [3], one per"
                        + " channel",
                Normalisation.BATCH_NORM,
                new Elementwise.Epsilon(1e-5),
                fp32(2, 3, 4),
                fp32(2),
                fp32(3));
        refused(
                "[linear] x [2, 3] with weight [4, 2]; need x (..., Di), weight (Do, Di)",
                Contraction.LINEAR,
                NoAttrs.NONE,
                fp32(2, 3),
                fp32(4, 2));
        refused(
                "[scaled_dot_product_attention] query [1, 2, 4], key [1, 5, 4], value [1, 4, 4];"
                        + " need (..., L, E), (..., S, E), (..., S, Ev) of one rank, 3 or more, and"
                        + " one batch",
                Attention.SDPA,
                NoAttrs.NONE,
                fp32(1, 2, 4),
                fp32(1, 5, 4),
                fp32(1, 4, 4));
        refused(
                "[einsum] equation \"ij,jk->iz\"; no operand has 'z'",
                Einsum.EINSUM,
                new Einsum.Equation("ij,jk->iz"),
                fp32(2, 3),
                fp32(3, 4));
        refused(
                "[einsum] equation \"ij,jk->ik\"; axis 'j' is 3 in operand [2, 3] and 4 in [4, 5]",
                Einsum.EINSUM,
                new Einsum.Equation("ij,jk->ik"),
                fp32(2, 3),
                fp32(4, 5));
    }

    @Test
    void images() {
        refused(
                "[conv] bias of shape [3] for 2 channels; need [2]",
                Convolution.CONV,
                Convolution.Conv.of(1, 0, 1, 1),
                fp32(1, 1, 4, 4),
                fp32(2, 1, 3, 3),
                fp32(3));
        refused(
                "[conv] weight [2, 1, 3] for x [1, 1, 4, 4]; need [channels, channels/groups,"
                        + " kH, kW]",
                Convolution.CONV,
                Convolution.Conv.of(1, 0, 1, 1),
                fp32(1, 1, 4, 4),
                fp32(2, 1, 3));
        refused(
                "[conv_transpose] output_shape = [1, 3, 8] for x [1, 1, 4] with weight [1, 2, 3];"
                        + " need [1, 2, ...] of rank 3",
                Convolution.CONV_TRANSPOSE,
                new Convolution.Conv(
                        List.of(1), "valid", List.of(0, 0), List.of(1), 1, List.of(1, 3, 8)),
                fp32(1, 1, 4),
                fp32(1, 2, 3));
        refused(
                "[max_pool] ceil_mode with pad_type \"custom\" and pad [1, 0] over 1 image axes;"
                        + " need valid or custom, the same padding before and after, and 1 or 2"
                        + " axes",
                Pooling.MAX_POOL,
                new Pooling.Pool(List.of(2), List.of(1), "custom", List.of(1, 0), true, true),
                fp32(1, 1, 4));
        var none = new Literal.Scalar(DType.FP32, 0);
        refused(
                "[upsample_nearest_neighbor] factor 0.0 of type fp32 for axis -2 of shape"
                        + " [1, 2, 2]; need a positive int32 or fp32 and a result of at most"
                        + " 2^31 - 1",
                Resize.UPSAMPLE_NEAREST_NEIGHBOR,
                new Resize.Nearest(none, none),
                fp32(1, 2, 2));
        refused(
                "[pixel_shuffle] blocks of 2 for input [1, 3, 2, 2]; need 1 or more, and channels a"
                        + " multiple of its square",
                Blocks.PIXEL_SHUFFLE,
                new Blocks.Block(2),
                fp32(1, 3, 2, 2));
        refused(
                "[quantize] zero_point is int8; need uint8",
                Quantisation.QUANTIZE,
                new Quantisation.Quantize(DType.UINT8, Quantisation.Scales.ONE),
                fp32(2),
                fp32(),
                of(DType.INT8));
    }

    @Test
    void gradientOfAScatterThatTakesTheLargest() {
        var data = fp32(3);
        var attrs = new Indexing.Scatter(0, "max", false);
        var y = Node.of(Indexing.SCATTER, attrs, List.of(data, of(DType.INT32, 2), fp32(2))).out();
        var error =
                assertThrows(
                        JaneException.class,
                        () -> Gradients.of(Reductions.sumAll(y), List.of(data)));
        assertEquals(
                "[scatter] gradient of mode \"max\"; need one of [add, sub, update]",
                error.getMessage());
    }

    @Test
    void splitNeedsANumberOrSizesThatAgree() {
        String text =
                "program(1.3) { func main<ios18>(tensor<fp32, [4]> x) { tensor<fp32, [2]> a,"
                        + " tensor<fp32, [2]> b = split(x = x, %saxis = int32(0)); } -> (a, b); }";
        read("no num_splits and no split_sizes; need one of them", text.formatted(""));
        read(
                "num_splits = 3 for axis 0 of shape [4]; need a divisor of 4",
                text.formatted("num_splits = int32(3), "));
        read(
                "num_splits = 4 for 2 results; need one number",
                text.formatted("num_splits = int32(4), "));
    }

    private static void read(String message, String text) {
        var error = assertThrows(JaneException.class, () -> MilParser.parse(text, Map.of()));
        assertEquals(true, error.getMessage().contains("[split] " + message), error.getMessage());
    }
}
