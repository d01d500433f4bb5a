package jane.notebook.magics.view;

import jane.data.Dataset;
import jane.ir.Shape;
import jane.notebook.Display;
import jane.notebook.chart.ContactSheet;
import jane.notebook.chart.HtmlTable;
import jane.tensor.Tensor;

import java.util.ArrayList;
import java.util.Locale;

/** A data set: how many samples of each class, and the first images if it has images. */
public final class DataView {
    private static final int MOST_IMAGES = 32;

    private DataView() {}

    /** Images as a picture, other samples as a table. */
    public static Display of(Dataset data) {
        var shape = data.sampleShape();
        boolean images =
                shape.rank() == 3 && (shape.dim(0) == 1 || shape.dim(0) == 3) && data.size() > 0;
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
        return images ? images(data) : table.display();
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
