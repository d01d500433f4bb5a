package jane.op;

import jane.ir.Dense;
import jane.ir.Literal;
import jane.ir.Node;
import jane.ir.Op;
import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.ir.Spelling;
import jane.ir.TensorType;
import jane.ir.Value;
import java.util.List;

/** Square blocks of an image as channels, and back. x is [N, C, H, W]; b: the side of a block. */
public final class Blocks {
    /** The side of a block. */
    public record Block(int size) {}

    /** Where an element of the image side is among the channels. */
    private interface Channel {
        int of(int channel, int row, int column, int block, int channels);
    }

    /** Place in the block first: TensorFlow's order, and MIL's. */
    private static final Channel BLOCK_FIRST = (c, i, j, b, channels) -> (i * b + j) * channels + c;

    /** Channel first: PyTorch's order. */
    private static final Channel CHANNEL_FIRST = (c, i, j, b, channels) -> (c * b + i) * b + j;

    /** [N, C b b, H, W] gives [N, C, H b, W b]; the place in the block is the outer part of C. */
    public static final Op<Block> DEPTH_TO_SPACE =
            OpDef.<Block>named("depth_to_space")
                    .type((a, in) -> List.of(spread("depth_to_space", a, in.get(0))))
                    .is(n -> toSpace(n, List.of(0, 3, 4, 1, 5, 2), true))
                    .mil(spelling("depth_to_space", "block_size"))
                    .reference((a, in, out) -> move(a, in.get(0), out, out, BLOCK_FIRST))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** [N, C, H b, W b] gives [N, C b b, H, W]; the place in the block is the outer part of C. */
    public static final Op<Block> SPACE_TO_DEPTH =
            OpDef.<Block>named("space_to_depth")
                    .type((a, in) -> List.of(gathered("space_to_depth", a, in.get(0))))
                    .is(n -> toDepth(n, List.of(0, 3, 5, 1, 2, 4)))
                    .mil(spelling("space_to_depth", "block_size"))
                    .reference((a, in, out) -> move(a, in.get(0), out, in.get(0), BLOCK_FIRST))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** As {@link #DEPTH_TO_SPACE}, but the place in the block is the inner part of C. */
    public static final Op<Block> PIXEL_SHUFFLE =
            OpDef.<Block>named("pixel_shuffle")
                    .type((a, in) -> List.of(spread("pixel_shuffle", a, in.get(0))))
                    .is(n -> toSpace(n, List.of(0, 1, 4, 2, 5, 3), false))
                    .mil(spelling("pixel_shuffle", "upscale_factor"))
                    .reference((a, in, out) -> move(a, in.get(0), out, out, CHANNEL_FIRST))
                    .cost(Cost::none, Cost::moved)
                    .build();

    /** As {@link #SPACE_TO_DEPTH}, but the place in the block is the inner part of C. */
    public static final Op<Block> PIXEL_UNSHUFFLE =
            OpDef.<Block>named("pixel_unshuffle")
                    .type((a, in) -> List.of(gathered("pixel_unshuffle", a, in.get(0))))
                    .is(n -> toDepth(n, List.of(0, 1, 3, 5, 2, 4)))
                    .mil(
                            Spelling.<Block>of("pixel_unshuffle")
                                    .operand("x")
                                    .attr(
                                            "downscale_factor",
                                            Literal.Kind.UNSIGNED,
                                            a -> new Literal.Unsigned(a.size()))
                                    .build(a -> new Block(a.unsigned("downscale_factor"))))
                    .reference((a, in, out) -> move(a, in.get(0), out, in.get(0), CHANNEL_FIRST))
                    .cost(Cost::none, Cost::moved)
                    .build();

    static final List<Op<?>> ALL =
            List.of(DEPTH_TO_SPACE, SPACE_TO_DEPTH, PIXEL_SHUFFLE, PIXEL_UNSHUFFLE);

    private Blocks() {}

    /** Channels as blocks of the image. */
    public static Value depthToSpace(Value x, int block) {
        return Node.of(DEPTH_TO_SPACE, new Block(block), List.of(x)).out();
    }

    /** Blocks of the image as channels. */
    public static Value spaceToDepth(Value x, int block) {
        return Node.of(SPACE_TO_DEPTH, new Block(block), List.of(x)).out();
    }

    /** Channels as blocks of the image, in PyTorch's order. */
    public static Value pixelShuffle(Value x, int block) {
        return Node.of(PIXEL_SHUFFLE, new Block(block), List.of(x)).out();
    }

    private static Spelling<Block> spelling(String op, String param) {
        return Spelling.<Block>of(op)
                .operand("x")
                .integer(param, Block::size)
                .build(a -> new Block(a.integer(param)));
    }

    private static void check(String op, Block a, TensorType x, boolean divides, String need) {
        Types.rank(op, x, 4, "[N, C, H, W]");
        if (a.size() < 1 || !divides) {
            throw new ShapeException(
                    op, "blocks of %d for input %s; need %s", a.size(), x.shape(), need);
        }
    }

    private static TensorType spread(String op, Block a, TensorType x) {
        long area = (long) a.size() * a.size();
        boolean divides = x.shape().rank() == 4 && area > 0 && x.shape().dim(1) % area == 0;
        check(op, a, x, divides, "1 or more, and channels a multiple of its square");
        var s = x.shape();
        return x.as(
                Shape.of(
                        s.dim(0),
                        (int) (s.dim(1) / area),
                        Types.axisLength(op, (long) s.dim(2) * a.size()),
                        Types.axisLength(op, (long) s.dim(3) * a.size())));
    }

    private static TensorType gathered(String op, Block a, TensorType x) {
        var s = x.shape();
        boolean divides =
                s.rank() == 4
                        && a.size() > 0
                        && s.dim(2) % a.size() == 0
                        && s.dim(3) % a.size() == 0;
        check(op, a, x, divides, "1 or more, and a divisor of height and width");
        long channels = (long) a.size() * a.size() * s.dim(1);
        return x.as(
                Shape.of(
                        s.dim(0),
                        Types.axisLength(op, channels),
                        s.dim(2) / a.size(),
                        s.dim(3) / a.size()));
    }

    private static Value toSpace(Node<Block> n, List<Integer> perm, boolean blockFirst) {
        var x = n.in(0).shape();
        int b = n.attrs().size();
        int channels = n.out().shape().dim(1);
        var parts =
                blockFirst
                        ? Shape.of(x.dim(0), b, b, channels, x.dim(2), x.dim(3))
                        : Shape.of(x.dim(0), channels, b, b, x.dim(2), x.dim(3));
        var moved = Movement.transpose(Movement.reshape(n.in(0), parts), perm);
        return Movement.reshape(moved, n.out().shape());
    }

    private static Value toDepth(Node<Block> n, List<Integer> perm) {
        var x = n.in(0).shape();
        int b = n.attrs().size();
        var parts = Shape.of(x.dim(0), x.dim(1), x.dim(2) / b, b, x.dim(3) / b, b);
        var moved = Movement.transpose(Movement.reshape(n.in(0), parts), perm);
        return Movement.reshape(moved, n.out().shape());
    }

    /** Copies between the deep side and {@code image}, which is x or y. */
    private static void move(Block a, Dense x, Dense y, Dense image, Channel channel) {
        var deep = image == x ? y : x;
        int b = a.size();
        int channels = image.shape().dim(1);
        for (int i = 0; i < image.data().length; i++) {
            var at = Index.unravel(i, image.shape());
            int c = channel.of(at[1], at[2] % b, at[3] % b, b, channels);
            var inside = new int[] {at[0], c, at[2] / b, at[3] / b};
            int k = Index.ravel(inside, deep.shape());
            if (image == x) {
                y.data()[k] = x.get(i);
            } else {
                y.data()[i] = x.get(k);
            }
        }
    }
}
