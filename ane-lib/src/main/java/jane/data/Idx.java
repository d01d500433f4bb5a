package jane.data;

import jane.ir.DataException;
import jane.ir.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads images and labels in the idx format of MNIST and its relatives, plain or gzip.
 *
 * <p><b>Shapes.</b> Samples are {@code [1, H, W]}, each pixel its byte / 255; 10 classes.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file, when one is missing, cut short, longer
 * than its header says, or holds a label above 9, or when images and labels differ in number. No
 * array is made before the file has been measured.
 *
 * <p><b>Source.</b> LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file
 * formats.
 */
public final class Idx {
    private static final int CLASSES = 10;
    private static final List<String> PARTS = List.of("train", "t10k");
    private static final List<String> ENDINGS = List.of("-ubyte", "-ubyte.gz");

    private Idx() {}

    /** The images of one file with the labels of another, named after the folder's file. */
    public static Dataset read(Path images, Path labels) {
        return read(images.getFileName().toString(), images, labels);
    }

    /**
     * What there is of MNIST in {@code folder} or {@code folder/mnist}: the training set "train" of
     * 60,000 and the test set "t10k" of 10,000, in this order; one of them may be absent.
     */
    public static List<Dataset> readFolder(Path folder) {
        var found = new ArrayList<Dataset>();
        for (var part : PARTS) {
            find(folder, part, "images", 3)
                    .ifPresent(images -> found.add(read(part, images, labels(images, part))));
        }
        if (found.isEmpty()) {
            throw new DataException(
                    folder.toString(),
                    "no MNIST here; need train-images-idx3-ubyte or t10k-images-idx3-ubyte and its"
                            + " labels (plain or .gz), in this folder or in its subfolder mnist");
        }
        return found;
    }

    /** All of {@link #readFolder} as one data set, "train" first. */
    public static Dataset mnist(Path folder) {
        var parts = readFolder(folder);
        var all = parts.stream().reduce(Dataset::followedBy).orElseThrow();
        return all.named("mnist");
    }

    private static Dataset read(String name, Path imageFile, Path labelFile) {
        var images = IdxFile.read(imageFile, IdxFile.IMAGES);
        var labels = IdxFile.read(labelFile, IdxFile.LABELS);
        if (images.dim(0) != labels.dim(0)) {
            throw new DataException(
                    labelFile.toString(),
                    "%d labels for the %d images of %s; need one label per image",
                    labels.dim(0),
                    images.dim(0),
                    imageFile);
        }
        var classOf = new int[labels.dim(0)];
        Arrays.setAll(classOf, i -> labels.data()[i] & 0xff);
        Dataset.checkLabels(labelFile.toString(), classOf, CLASSES);
        var shape = Shape.of(1, images.dim(1), images.dim(2));
        return Dataset.ofPixels(name, shape, images.data(), classOf, CLASSES);
    }

    private static Path labels(Path images, String part) {
        var folder = images.toAbsolutePath().getParent();
        return find(folder, part, "labels", 1)
                .orElseThrow(
                        () ->
                                new DataException(
                                        images.toString(),
                                        "no labels beside these images; need %s-labels-idx1-ubyte,"
                                                + " plain or .gz",
                                        part));
    }

    /** {@code PART-KIND-idxRANK-ubyte}, with a dot before idx as some unpackers leave it, or gz. */
    private static Optional<Path> find(Path folder, String part, String kind, int rank) {
        for (var place : List.of(folder, folder.resolve("mnist"))) {
            for (var joint : List.of("-idx", ".idx")) {
                for (var ending : ENDINGS) {
                    var file = place.resolve(part + "-" + kind + joint + rank + ending);
                    if (Files.isRegularFile(file)) {
                        return Optional.of(file);
                    }
                }
            }
        }
        return Optional.empty();
    }
}
