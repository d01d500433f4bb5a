package jane.notebook.chart;

import jane.tensor.Tensor;
import java.util.List;

/** A batch of images side by side, with captions. */
public final class ContactSheet implements Picture {
    /** Images [N, C, H, W] (C 1 or 3) or [N, H, W] or [H, W]. */
    public static ContactSheet of(Tensor images) { throw new UnsupportedOperationException(); }
    public ContactSheet title(String title) { throw new UnsupportedOperationException(); }
    /** One caption under each image, such as "7, read as 1". */
    public ContactSheet captions(List<String> captions) { throw new UnsupportedOperationException(); }
    /** At most this many images are drawn; 32 unless said. */
    public ContactSheet most(int images) { throw new UnsupportedOperationException(); }
    @Override public byte[] png() { throw new UnsupportedOperationException(); }
    @Override public String alt() { throw new UnsupportedOperationException(); }
    @Override public String text() { throw new UnsupportedOperationException(); }
}
