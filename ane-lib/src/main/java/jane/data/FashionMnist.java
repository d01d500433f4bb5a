package jane.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST: 60,000 pictures of clothes to learn from and 10,000 to test on, in the format of
 * MNIST, 31 MB. Source: Xiao, Rasul, Vollgraf, 2017; zalandoresearch/fashion-mnist.
 */
public final class FashionMnist {
    /** What {@link Downloads#fetch} calls it. */
    public static final String NAME = "fashion-mnist";

    /** Names of the classes, by number. */
    public static final List<String> CLASSES =
            List.of(
                    "T-shirt/top",
                    "Trouser",
                    "Pullover",
                    "Dress",
                    "Coat",
                    "Sandal",
                    "Shirt",
                    "Sneaker",
                    "Bag",
                    "Ankle boot");

    private FashionMnist() {}

    /**
     * The folder with the four files, for {@link Idx#readFolder}; fetched from the internet unless
     * they are in the cache folder.
     */
    public static Path download() {
        return Downloads.fetch(NAME);
    }
}
