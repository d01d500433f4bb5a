package jane.notebook.magics.view;

import jane.data.Dataset;
import jane.ir.Shape;
import jane.notebook.Display;
import jane.notebook.chart.ContactSheet;
import jane.notebook.chart.HtmlTable;
import jane.tensor.Tensor;
import jane.train.Mistakes;
import java.util.ArrayList;
import java.util.Locale;

/** Data sets and what models get wrong in them; samples as pictures if they are images. */
public final class DataView {
    private static final int MOST_IMAGES = 32;
    private static final int MOST_MISTAKES = 24;

    private DataView() {}

    /** Images as a picture, other samples as a table. */
    public static Display of(Dataset data) {
        var counts = new int[data.classes()];
        for (int i = 0; i < data.size(); i++) {
            counts[data.label(i)]++;
        }
        var table = HtmlTable.of("class", "samples", "share");
        for (int c = 0; c < counts.length; c++) {
            var share = 100.0 * counts[c] / Math.max(1, data.size());
            table.row(c, counts[c], String.format(Locale.ROOT, "%.1f %%", share));
        }
        table.caption(data.toString());
        return isImages(data) ? images(data) : table.display();
    }

    /** Mistakes as captioned pictures, or as a table where the samples are no images. */
    public static Display of(Mistakes mistakes) {
        if (mistakes.list().isEmpty()) {
            return Display.text(mistakes.toString());
        }
        var first = mistakes.list().stream().limit(MOST_MISTAKES).toList();
        if (isImages(mistakes.data())) {
            return ContactSheet.of(mistakes.samples(MOST_MISTAKES))
                    .title(
                            "%d of %d wrong, surest first"
                                    .formatted(mistakes.list().size(), mistakes.data().size()))
                    .captions(first.stream().map(Mistakes.Mistake::caption).toList())
                    .display();
        }
        var table = HtmlTable.of("sample", "is", "taken for", "confidence");
        table.caption(mistakes.toString());
        for (var m : first) {
            var confidence = String.format(Locale.ROOT, "%.1f %%", 100 * m.confidence());
            table.row(m.index(), m.label(), m.predicted(), confidence);
        }
        return table.display();
    }

    private static boolean isImages(Dataset data) {
        var shape = data.sampleShape();
        return shape.rank() == 3 && (shape.dim(0) == 1 || shape.dim(0) == 3) && data.size() > 0;
    }

    private static Display images(Dataset data) {
        int count = Math.min(MOST_IMAGES, data.size());
        int size = data.sampleShape().size();
        var pixels = new float[count * size];
        var captions = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            data.copySample(i, pixels, i * size);
            captions.add(Integer.toString(data.label(i)));
        }
        var dims = new ArrayList<>(data.sampleShape().toList());
        dims.add(0, count);
        return ContactSheet.of(Tensor.of(Shape.of(dims), pixels))
                .title(data.toString())
                .captions(captions)
                .display();
    }
}
