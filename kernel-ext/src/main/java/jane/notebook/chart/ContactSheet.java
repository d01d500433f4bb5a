package jane.notebook.chart;

import jane.ir.Shape;
import jane.ir.ShapeException;
import jane.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * A batch of images side by side, each with a caption, such as its label and what the model read:
 * mistakes as pictures. The least value of the whole sheet is black, the largest white.
 *
 * <p><b>Shapes.</b> {@code [N, C, H, W]}, {@code [N, H, W]} or {@code [H, W]}. Three channels are
 * red, green and blue; with any other number above one, each channel is an image of its own.
 */
public final class ContactSheet implements Picture {
    private static final int WIDTH = 640;
    private static final int MARGIN = 12;
    private static final int GAP = 10;
    private static final int TILE = 72;
    private static final int BIGGEST = 256;
    private static final int LARGEST_SIDE = 4096;
    private static final int CAPTION = 18;

    private final Shape shape;
    private final IntToDoubleFunction value;
    private final Histogram values;
    private boolean colored;
    private int given;
    private final int high;
    private final int wide;
    private String title = "";
    private List<String> captions = List.of();
    private int most = 32;

    private ContactSheet(Tensor images) {
        shape = images.shape();
        int rank = shape.rank();
        if (rank < 2 || rank > 4 || shape.size() == 0) {
            throw new ShapeException(
                    "chart",
                    "no images in shape %s; need [N, C, H, W], [N, H, W] or [H, W]",
                    shape);
        }
        high = shape.dim(-2);
        wide = shape.dim(-1);
        if (high > LARGEST_SIDE || wide > LARGEST_SIDE) {
            throw new ShapeException(
                    "chart",
                    "images of %d x %d; need at most %d x %d: draw it as a heat map",
                    high,
                    wide,
                    LARGEST_SIDE,
                    LARGEST_SIDE);
        }
        colored = rank == 4 && shape.dim(1) == 3;
        given = shape.size() / (high * wide) / (colored ? 3 : 1);
        value = Values.reader(images.buffer());
        values = Histogram.of(images, 1);
    }

    /** A sheet of these images. */
    public static ContactSheet of(Tensor images) {
        return new ContactSheet(images);
    }

    /** The line above the sheet. */
    public ContactSheet title(String text) {
        title = text;
        return this;
    }

    /** Draws each channel as an image of its own, also where there are three: feature maps. */
    public ContactSheet channels() {
        colored = false;
        given = shape.size() / (high * wide);
        return captions.isEmpty() ? this : captions(captions);
    }

    /** One caption for each image, such as {@code 7, read as 1}; too long ones are cut. */
    public ContactSheet captions(List<String> texts) {
        if (texts.size() != given) {
            throw new ShapeException(
                    "chart", "%d captions for %d images; need one each", texts.size(), given);
        }
        captions = List.copyOf(texts);
        return this;
    }

    /** Draws at most this many images, the first ones; 32 unless said. */
    public ContactSheet most(int images) {
        if (images < 1 || images > 400) {
            throw new ShapeException("chart", "%d images; need 1 to 400", images);
        }
        most = images;
        return this;
    }

    @Override
    public byte[] png() {
        int shown = Math.min(most, given);
        double scale = scale(shown);
        int tileWide = (int) Math.max(1, Math.round(wide * scale));
        int tileHigh = (int) Math.max(1, Math.round(high * scale));
        int column = Math.max(tileWide, captionWidth(shown, tileWide)) + GAP;
        int fit = Math.max(1, Math.min(shown, (WIDTH - 2 * MARGIN + GAP) / column));
        int rows = (shown + fit - 1) / fit;
        int columns = (shown + rows - 1) / rows; // 4 and 4 rather than 6 and 2
        int row = tileHigh + (captions.isEmpty() ? 0 : CAPTION) + GAP;
        int head = title.isEmpty() ? 32 : 54;
        double text =
                Math.max(Canvas.widthOf(title, Canvas.TITLE), Canvas.widthOf(facts(), Canvas.TEXT));
        int width = Math.max(columns * column - GAP, (int) Math.min(WIDTH, text + 1));
        var canvas = new Canvas(width + 2 * MARGIN, head + rows * row);
        new Head(canvas, title).line(facts(), Palette.FAINT_INK);
        for (int i = 0; i < shown; i++) {
            int x = MARGIN + i % columns * column;
            int y = head + i / columns * row;
            int inset = (column - GAP - tileWide) / 2;
            // A frame, or white images would be lost on white paper.
            canvas.fill(x + inset - 1, y - 1, tileWide + 2, tileHigh + 2, Palette.GRID);
            canvas.pen().drawImage(image(i), x + inset, y, tileWide, tileHigh, null);
            if (!captions.isEmpty()) {
                var caption = Canvas.fit(captions.get(i), Canvas.SMALL, column - 4);
                double middle = x + (column - GAP) / 2.0;
                canvas.centred(caption, middle, y + tileHigh + 14, Canvas.SMALL, Palette.INK);
            }
        }
        return canvas.png();
    }

    /** Whole enlargements, so that pixels stay squares; a lone image is drawn large. */
    private double scale(int shown) {
        double room = shown == 1 ? BIGGEST : TILE;
        double scale = room / Math.max(high, wide);
        return scale > 1 ? Math.ceil(scale) : scale;
    }

    private int captionWidth(int shown, int tile) {
        double widest = 0;
        for (int i = 0; i < shown && !captions.isEmpty(); i++) {
            widest = Math.max(widest, Canvas.widthOf(captions.get(i), Canvas.SMALL));
        }
        return (int) Math.ceil(Math.min(widest + 2, Math.max(140, tile)));
    }

    private BufferedImage image(int index) {
        var image = new BufferedImage(wide, high, BufferedImage.TYPE_INT_RGB);
        int plane = high * wide;
        for (int i = 0; i < plane; i++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                int at = colored ? (3 * index + c) * plane + i : index * plane + i;
                rgb = rgb << 8 | level(value.applyAsDouble(at));
            }
            image.setRGB(i % wide, i / wide, rgb);
        }
        return image;
    }

    /** 0 to 255; what is not finite is middle grey. */
    private int level(double x) {
        if (!Double.isFinite(x)) {
            return 128;
        }
        return (int) Math.round(255 * new Range(values.min(), values.max()).share(x));
    }

    private String facts() {
        int shown = Math.min(most, given);
        return (shown < given
                        ? "first " + shown + " of " + Figures.count(given)
                        : Integer.toString(given))
                + (given == 1 ? " image" : " images")
                + " of "
                + high
                + " × "
                + wide
                + ", values "
                + Figures.of(values.min())
                + " to "
                + Figures.of(values.max());
    }

    @Override
    public String alt() {
        var told = captions.subList(0, Math.min(8, Math.min(most, captions.size())));
        return "Contact sheet"
                + (title.isEmpty() ? "" : " \"" + title + "\"")
                + ": "
                + facts()
                + (told.isEmpty() ? "" : "; " + String.join("; ", told))
                + (told.size() < captions.size() ? "; …" : "")
                + ".";
    }

    @Override
    public String text() {
        return alt();
    }
}
