package jane.data;

import jane.ir.DataException;
import jane.ir.Shape;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Labelled samples of one shape, in memory and immutable. NaN and infinite features are allowed and
 * counted by {@link #nonFinite}.
 *
 * <p><b>Shapes.</b> Features {@code [N, ...sampleShape]}, row-major; labels {@code [N]}, each 0 to
 * {@code classes - 1}.
 *
 * <p><b>Errors.</b> {@link DataException} when sizes disagree or a label or index is out of range.
 */
public final class Dataset {
    private final String name;
    private final Shape sampleShape;
    private final Features features;
    private final int[] labels;
    private final int classes;

    private Dataset(String name, Shape sampleShape, Features features, int[] labels, int classes) {
        this.name = name;
        this.sampleShape = sampleShape;
        this.features = features;
        this.labels = labels;
        this.classes = classes;
    }

    /** The samples that match a rule, and the others; both in their old order. */
    public record Split(Dataset matching, Dataset rest) {}

    /**
     * Copies {@code features} and {@code labels}.
     *
     * @param name shown in messages and reports
     * @param features the samples one after the other, {@code labels.length * sampleShape.size()}
     */
    public static Dataset of(
            String name, Shape sampleShape, float[] features, int[] labels, int classes) {
        checkSize(name, sampleShape, features.length, labels.length);
        checkLabels(name, labels, classes);
        return new Dataset(
                name, sampleShape, Features.of(features.clone()), labels.clone(), classes);
    }

    /** Takes {@code pixels} and {@code labels} over, without a copy; a pixel is byte / 255. */
    static Dataset ofPixels(
            String name, Shape sampleShape, byte[] pixels, int[] labels, int classes) {
        checkSize(name, sampleShape, pixels.length, labels.length);
        checkLabels(name, labels, classes);
        return new Dataset(name, sampleShape, Features.ofPixels(pixels), labels, classes);
    }

    /** These samples, then those of {@code other}, which are of the same shape and classes. */
    Dataset followedBy(Dataset other) {
        if (!sampleShape.equals(other.sampleShape) || classes != other.classes) {
            throw new DataException(
                    name, "cannot join %s; need %s, %d classes", other, sampleShape, classes);
        }
        var both = IntStream.concat(Arrays.stream(labels), Arrays.stream(other.labels)).toArray();
        checkSize(name, sampleShape, (long) both.length * sampleShape.size(), both.length);
        return new Dataset(name, sampleShape, features.concat(other.features), both, classes);
    }

    /** What the data is called. */
    public String name() {
        return name;
    }

    /** Shape of one sample. */
    public Shape sampleShape() {
        return sampleShape;
    }

    /** Number of samples. */
    public int size() {
        return labels.length;
    }

    /** Number of classes. */
    public int classes() {
        return classes;
    }

    /** Class of sample {@code index}. */
    public int label(int index) {
        return labels[checkIndex(index)];
    }

    /** Writes the features of sample {@code index} to {@code out} from {@code offset} on. */
    public void copySample(int index, float[] out, int offset) {
        int length = sampleShape.size();
        if (offset < 0 || offset > out.length - length) {
            throw new DataException(
                    name,
                    "sample of %d values does not fit at offset %d of an array of %d; need %d more"
                            + " values of room",
                    length,
                    offset,
                    out.length,
                    offset < 0 ? -offset : offset + (long) length - out.length);
        }
        features.copy(checkIndex(index) * length, length, out, offset);
    }

    /** Writes the features of samples {@code order[from]} to {@code order[to - 1]}. */
    void copySamples(int[] order, int from, int to, FloatBuffer out) {
        features.copyRows(order, from, to, sampleShape.size(), out);
    }

    /** How many feature values are NaN or infinite. */
    public int nonFinite() {
        int count = 0;
        for (int i = 0; i < size() * sampleShape.size(); i++) {
            count += Float.isFinite(features.get(i)) ? 0 : 1;
        }
        return count;
    }

    /** The samples at {@code indices}, in that order; an index may repeat. */
    public Dataset subset(int... indices) {
        var chosen = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            chosen[i] = labels[checkIndex(indices[i])];
        }
        checkSize(name, sampleShape, (long) indices.length * sampleShape.size(), indices.length);
        var rows = features.gather(indices, sampleShape.size());
        return new Dataset(name, sampleShape, rows, chosen, classes);
    }

    /** Splits by index: {@code split(i -> i % 10 == 9)} puts every tenth sample in matching. */
    public Split split(IntPredicate rule) {
        int[] matching = IntStream.range(0, size()).filter(rule).toArray();
        int[] rest = IntStream.range(0, size()).filter(rule.negate()).toArray();
        return new Split(subset(matching), subset(rest));
    }

    /** These samples with features {@code (x - mean) / std}, computed in fp32. */
    public Dataset normalized(float mean, float std) {
        if (!Float.isFinite(mean) || !(std > 0) || Float.isInfinite(std)) {
            throw new DataException(
                    name,
                    "normalized with mean %s and standard deviation %s; need a finite mean and a"
                            + " finite deviation above 0",
                    mean,
                    std);
        }
        var scaled = features.map(x -> (x - mean) / std);
        return new Dataset(name, sampleShape, scaled, labels, classes);
    }

    /** The same data under another name. */
    public Dataset named(String newName) {
        return new Dataset(newName, sampleShape, features, labels, classes);
    }

    /**
     * SHA-256 of the contents in lower-case hex: each feature as the little-endian bits of an fp32,
     * then each label as a little-endian int32. Names the data in a report.
     */
    public String sha256() {
        var digest = sha256Digest();
        var word = new byte[4];
        for (int i = 0; i < size() * sampleShape.size(); i++) {
            update(digest, word, Float.floatToIntBits(features.get(i)));
        }
        for (int label : labels) {
            update(digest, word, label);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String toString() {
        return name + ": " + size() + " samples of " + sampleShape + ", " + classes + " classes";
    }

    private int checkIndex(int index) {
        if (index < 0 || index >= size()) {
            throw new DataException(
                    name, "no sample %d; need 0 to %d (%d samples)", index, size() - 1, size());
        }
        return index;
    }

    private static void checkSize(String name, Shape sampleShape, long values, int labels) {
        long needed = (long) labels * sampleShape.size();
        if (values != needed || needed > Integer.MAX_VALUE) {
            throw new DataException(
                    name,
                    "%d feature values for %d labels and samples of %s; need %d * %d = %d, at most"
                            + " 2^31 - 1",
                    values,
                    labels,
                    sampleShape,
                    labels,
                    sampleShape.size(),
                    needed);
        }
    }

    /** Refuses a label outside 0 to {@code classes - 1}; {@code name} is who holds them. */
    static void checkLabels(String name, int[] labels, int classes) {
        if (classes < 1) {
            throw new DataException(name, "%d classes; need 1 or more", classes);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new DataException(
                        name,
                        "label %d of sample %d is out of range; need 0 to %d (%d classes)",
                        labels[i],
                        i,
                        classes - 1,
                        classes);
            }
        }
    }

    private static void update(MessageDigest digest, byte[] word, int bits) {
        for (int i = 0; i < 4; i++) {
            word[i] = (byte) (bits >>> 8 * i);
        }
        digest.update(word);
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
