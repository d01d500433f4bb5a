package jane.data;

import java.net.URI;
import java.util.List;

/**
 * A data set as files on mirrors.
 *
 * @param name of the data set and of its folder in the cache
 * @param mirrors where the files are, each ending in a slash, the first to be tried first
 * @param files what there is
 */
record Catalogue(String name, List<URI> mirrors, List<File> files) {
    /**
     * One file.
     *
     * @param sizeBytes just as long
     * @param sha256 in lower-case hex
     */
    record File(String name, long sizeBytes, String sha256) {}

    // As several independent libraries publish them.
    private static final List<File> MNIST_FILES =
            List.of(
                    new File(
                            "train-images-idx3-ubyte.gz",
                            9_912_422,
                            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                    new File(
                            "train-labels-idx1-ubyte.gz",
                            28_881,
                            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                    new File(
                            "t10k-images-idx3-ubyte.gz",
                            1_648_877,
                            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                    new File(
                            "t10k-labels-idx1-ubyte.gz",
                            4_542,
                            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    // As several projects publish them beside the MD5 that Zalando's README gives.
    private static final List<File> FASHION_FILES =
            List.of(
                    new File(
                            "train-images-idx3-ubyte.gz",
                            26_421_880,
                            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                    new File(
                            "train-labels-idx1-ubyte.gz",
                            29_515,
                            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                    new File(
                            "t10k-images-idx3-ubyte.gz",
                            4_422_102,
                            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                    new File(
                            "t10k-labels-idx1-ubyte.gz",
                            5_148,
                            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    /** All that there is. */
    static final List<Catalogue> ALL =
            List.of(
                    new Catalogue(
                            Mnist.NAME,
                            mirrors(
                                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                                    "https://storage.googleapis.com/cvdf-datasets/mnist/"),
                            MNIST_FILES),
                    new Catalogue(
                            FashionMnist.NAME,
                            mirrors(
                                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                                    "https://raw.githubusercontent.com/zalandoresearch/"
                                            + "fashion-mnist/master/data/fashion/",
                                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
                            FASHION_FILES));

    /** Copies the lists. */
    Catalogue {
        mirrors = List.copyOf(mirrors);
        files = List.copyOf(files);
    }

    private static List<URI> mirrors(String... addresses) {
        return List.of(addresses).stream().map(URI::create).toList();
    }
}
