package jane.data;

import java.nio.file.Path;

/**
 * MNIST: 60,000 handwritten digits to learn from and 10,000 to test on, 28 x 28, 12 MB. Source:
 * LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
 */
public final class Mnist {
    /** What {@link Downloads#fetch} calls it. */
    public static final String NAME = "mnist";

    private Mnist() {}

    /**
     * The folder with the four files, for {@link Idx#readFolder}; fetched from the internet unless
     * they are in the cache folder.
     */
    public static Path download() {
        return Downloads.fetch(NAME);
    }
}
