package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DType;
import jane.ir.Leaf;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the ops refuse, word for word: the op, what it got, what it needs. */
class TypeRulesTest {
    private static Value fp32(int... dims) {
        return Leaf.input(TensorType.fp32(dims));
    }

    private static Value of(DType dtype, int... dims) {
        return Leaf.input(new TensorType(dtype, Shape.of(dims)));
    }

    private static void refused(String message, Supplier<Object> action) {
        assertEquals(message, assertThrows(ShapeException.class, action::get).getMessage());
    }

    @Test
    void matmulNamesBothInnerDimensions() {
        refused(
                "[matmul] inner dims differ: x [2, 3] has 3, y [4, 5] has 4; need x (..., M, K),"
                        + " y (..., K, N)",
                () -> Contraction.matmul(fp32(2, 3), fp32(4, 5)));
        refused(
                "[matmul] inner dims differ: x [2, 3] transposed has 2, y [4, 5] transposed has 5;"
                        + " need x (..., M, K), y (..., K, N)",
                () -> Contraction.matmul(fp32(2, 3), fp32(4, 5), true, true));
    }

    @Test
    void matmulWantsAxes() {
        refused(
                "[matmul] shapes [] and [3, 2]; need rank 1 or more on both sides: use mul for a"
                        + " scalar",
                () -> Contraction.matmul(fp32(), fp32(3, 2)));
        refused(
                "[matmul] inner dims differ: x [3] has 3, y [4] has 4; need x (..., M, K), y (...,"
                        + " K, N)",
                () -> Contraction.matmul(fp32(3), fp32(4), true, true));
    }

    @Test
    void matmulBatchesMustBroadcast() {
        refused(
                "[matmul] shapes [2] and [3] do not broadcast: dimension 1 from the end is 2 and"
                        + " 3; need equal, or 1 on one side (reshape one of them)",
                () -> Contraction.matmul(fp32(2, 4, 5), fp32(3, 5, 4)));
    }

    @Test
    void broadcastNamesTheDimension() {
        refused(
                "[add] shapes [2, 3, 4] and [2, 4] do not broadcast: dimension 2 from the end is 3"
                        + " and 2; need equal, or 1 on one side (reshape one of them)",
                () -> Elementwise.add(fp32(2, 3, 4), fp32(2, 4)));
    }

    @Test
    void mixedDtypesNeedACast() {
        refused(
                "[mul] inputs are fp32 and fp16; need one type: cast one of them",
                () -> Elementwise.mul(fp32(2), of(DType.FP16, 2)));
        refused(
                "[conv] inputs are fp32 and fp16; need one type: cast one of them",
                () ->
                        Convolution.conv(
                                fp32(1, 1, 3, 3),
                                of(DType.FP16, 1, 1, 2, 2),
                                Convolution.Conv.of(1, 0, 1, 1)));
    }

    @Test
    void functionsOfFloatsRefuseIntegersAndBooleans() {
        refused(
                "[exp] input is int32; need fp16 or fp32: cast it first",
                () -> Elementwise.exp(of(DType.INT32, 2)));
        refused(
                "[real_div] input is int32; need fp16 or fp32: cast it first",
                () -> Elementwise.div(of(DType.INT32, 2), of(DType.INT32, 2)));
        refused(
                "[add] input is bool; need a number type: cast it first",
                () -> Elementwise.add(of(DType.BOOL, 2), of(DType.BOOL, 2)));
        refused(
                "[select] input is fp32; need bool: cast it first",
                () -> Logic.select(fp32(2), fp32(2), fp32(2)));
    }

    @Test
    void reshapeCountsElements() {
        refused(
                "[reshape] cannot view [2, 3] (6 elements) as [4, 2]; need the same number of"
                        + " elements",
                () -> Movement.reshape(fp32(2, 3), List.of(4, 2)));
        refused(
                "[reshape] cannot view [2, 3] (6 elements) as [4, -1]; need the same number of"
                        + " elements",
                () -> Movement.reshape(fp32(2, 3), List.of(4, -1)));
        refused(
                "[reshape] shape [-1, -1]: need dimensions of 0 or more and at most one -1",
                () -> Movement.reshape(fp32(2, 3), List.of(-1, -1)));
    }

    @Test
    void reshapeToMoreThanAnIntCanCount() {
        refused(
                "[reshape] cannot view [2, 3] (6 elements) as [100000, 100000, 100000]; need the"
                        + " same number of elements",
                () -> Movement.reshape(fp32(2, 3), List.of(100000, 100000, 100000)));
    }

    @Test
    void concatNamesBothShapes() {
        refused(
                "[concat] shapes [2, 3] and [3, 3] do not join along axis 1; need equal dimensions"
                        + " on the other axes",
                () -> Joining.concat(List.of(fp32(2, 3), fp32(3, 3)), -1));
        refused(
                "[concat] shapes [2, 3] and [2, 4] do not join along axis 1; need equal dimensions",
                () -> Joining.interleave(List.of(fp32(2, 3), fp32(2, 4)), 1));
        refused("[concat] no operands; need one or more", () -> Joining.concat(List.of(), 0));
    }

    @Test
    void convNamesChannelsAndGroups() {
        refused(
                "[conv] x [1, 4, 5, 5] with weight [6, 3, 3, 3] and 2 groups; need weight"
                        + " [Co, 2, kH, kW] with Co a multiple of the groups",
                () ->
                        Convolution.conv(
                                fp32(1, 4, 5, 5),
                                fp32(6, 3, 3, 3),
                                Convolution.Conv.of(1, 0, 1, 2)));
        refused(
                "[conv] 3 groups for 4 channels; need a divisor",
                () ->
                        Convolution.conv(
                                fp32(1, 4, 5, 5),
                                fp32(6, 1, 3, 3),
                                Convolution.Conv.of(1, 0, 1, 3)));
        refused(
                "[conv_transpose] x [1, 4, 5, 5] with weight [6, 1, 3, 3]; need weight"
                        + " [4, Co/groups, kH, kW]",
                () ->
                        Convolution.convTranspose(
                                fp32(1, 4, 5, 5),
                                fp32(6, 1, 3, 3),
                                Convolution.Conv.of(1, 0, 1, 2)));
        refused(
                "[conv] input has shape [4, 5, 5] of rank 3; need rank 4, [N, C, H, W]",
                () ->
                        Convolution.conv(
                                fp32(4, 5, 5), fp32(6, 1, 3, 3), Convolution.Conv.of(1, 0, 1, 1)));
    }

    @Test
    void convKernelMustFit() {
        refused(
                "[conv] a kernel of 3 (dilation 2) does not fit image axis 0 of 2 with padding 1"
                        + " and 1; need a kernel of 1 or more within the padded axis, at most"
                        + " 2^31 - 1 long",
                () ->
                        Convolution.conv(
                                fp32(1, 1, 2, 5),
                                fp32(1, 1, 3, 1),
                                Convolution.Conv.of(1, 1, 2, 1)));
    }

    @Test
    void windowsThatOverflowAnIntAreRefused() {
        var ones = List.of(1, 1);
        refused(
                "[conv] a kernel of 3 (dilation 1073741824) does not fit image axis 0 of 5 with"
                        + " padding 0 and 0; need a kernel of 1 or more within the padded axis, at"
                        + " most 2^31 - 1 long",
                () ->
                        Convolution.conv(
                                fp32(1, 1, 5, 5),
                                fp32(1, 1, 3, 3),
                                Convolution.Conv.of(1, 0, 1 << 30, 1)));
        refused(
                "[max_pool] a kernel of 2 (dilation 1) does not fit image axis 0 of 5 with padding"
                        + " 2147483647 and 0; need a kernel of 1 or more within the padded axis, at"
                        + " most 2^31 - 1 long",
                () ->
                        Pooling.maxPool(
                                fp32(1, 1, 5, 5),
                                new Pooling.Pool(
                                        List.of(2, 2),
                                        ones,
                                        "custom",
                                        List.of(Integer.MAX_VALUE, 0, 0, 0),
                                        false,
                                        true)));
        refused(
                "[conv_transpose] image axis 0 of [1, 1, 5, 5] with kernel [1, 1, 3, 3] and padding"
                        + " 0 and 0 gives length 4294967299; need an image, a kernel, and a length"
                        + " of 0 to 2^31 - 1",
                () ->
                        Convolution.convTranspose(
                                fp32(1, 1, 5, 5),
                                fp32(1, 1, 3, 3),
                                Convolution.Conv.of(1 << 30, 0, 1, 1)));
    }

    @Test
    void windowAttributesAreChecked() {
        refused(
                "[max_pool] strides = [0, 1] contains 0; need 1 or more",
                () ->
                        Pooling.maxPool(
                                fp32(1, 1, 5, 5),
                                new Pooling.Pool(
                                        List.of(2, 2),
                                        List.of(0, 1),
                                        "valid",
                                        List.of(0, 0, 0, 0),
                                        false,
                                        true)));
        refused(
                "[avg_pool] pad = [0, 0] has 2 entries; need 4",
                () ->
                        Pooling.avgPool(
                                fp32(1, 1, 5, 5),
                                new Pooling.Pool(
                                        List.of(2, 2),
                                        List.of(1, 1),
                                        "custom",
                                        List.of(0, 0),
                                        false,
                                        true)));
        refused(
                "[max_pool] pad_type \"reflect\"; need valid, same, same_lower or custom",
                () ->
                        Pooling.maxPool(
                                fp32(1, 1, 5, 5),
                                new Pooling.Pool(
                                        List.of(2, 2),
                                        List.of(1, 1),
                                        "reflect",
                                        List.of(0, 0, 0, 0),
                                        false,
                                        true)));
    }

    @Test
    void sliceNamesItsBounds() {
        refused(
                "[slice_by_index] axis 1: 1 to 4 of shape [2, 3]; need 0 <= begin <= end <= 3",
                () -> Slicing.slice(fp32(2, 3), 1, 1, 4, 1));
        refused(
                "[slice_by_index] axis 1: 2 to 1 of shape [2, 3]; need 0 <= begin <= end <= 3",
                () -> Slicing.slice(fp32(2, 3), -1, 2, 1, 1));
        refused(
                "[slice_by_index] stride = [1, 0] contains 0; need 1 or more, or -1 or less",
                () -> Slicing.slice(fp32(2, 3), 1, 0, 3, 0));
        refused(
                "[slice_by_index] begin = [0] has 1 entries; need 2",
                () -> Slicing.slice(fp32(2, 3), List.of(0), List.of(1), List.of(1)));
    }

    @Test
    void axesMustExistAndBeNamedOnce() {
        refused(
                "[softmax] axis 2 is outside shape [2, 3]; need -2 to 1",
                () -> Activations.softmax(fp32(2, 3), 2));
        refused(
                "[reduce_sum] axis -3 is outside shape [2, 3]; need -2 to 1",
                () -> Reductions.sum(fp32(2, 3), List.of(-3), true));
        refused(
                "[reduce_max] axes [1, -1] name axis 1 twice; need each once",
                () -> Reductions.max(fp32(2, 3), List.of(1, -1), false));
        refused(
                "[transpose] perm [0, -2] names axis 0 twice; need each once",
                () -> Movement.transpose(fp32(2, 3), List.of(0, -2)));
        refused(
                "[transpose] perm = [0] has 1 entries; need 2",
                () -> Movement.transpose(fp32(2, 3), List.of(0)));
    }

    @Test
    void padCoversAtMostAllAxes() {
        refused(
                "[pad] pad [1, 1, 1, 1] for shape [3]; need a before and an after for at most 1"
                        + " axes",
                () -> Padding.pad(fp32(3), List.of(1, 1, 1, 1), 0));
        refused(
                "[pad] pad = [-1, 1] contains -1; need 0 or more",
                () -> Padding.pad(fp32(3), List.of(-1, 1), 0));
        refused(
                "[pad] the result has 2147483650 elements on one axis; need at most 2^31 - 1",
                () -> Padding.pad(fp32(3), List.of(Integer.MAX_VALUE, 0), 0));
    }

    @Test
    void crossEntropyWantsOneShape() {
        refused(
                "[cross_entropy] logits [2, 3] and target [2]; need the same shape (..., C): labels"
                        + " as one-hot",
                () -> Losses.crossEntropy(fp32(2, 3), fp32(2)));
        refused(
                "[cross_entropy] inputs are fp32 and int32; need one type: cast one of them",
                () -> Losses.crossEntropy(fp32(2, 3), of(DType.INT32, 2, 3)));
    }

    @Test
    void clipWantsOrderedBounds() {
        refused(
                "[clip] bounds are 1.0 and -1.0; need low <= high",
                () -> Elementwise.clip(fp32(2), 1, -1));
        refused(
                "[clip] bounds are NaN and 1.0; need low <= high",
                () -> Elementwise.clip(fp32(2), Double.NaN, 1));
    }
}
