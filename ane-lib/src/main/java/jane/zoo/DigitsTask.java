package jane.zoo;

import jane.data.Dataset;
import jane.data.Digits;
import jane.data.Idx;
import java.nio.file.Path;

/**
 * Handwritten or generated digits, ready for training: [1, 28, 28] pixels, normalised.
 *
 * @param train to learn from
 * @param test to score on
 */
public record DigitsTask(Dataset train, Dataset test) {
    private static final float MNIST_MEAN = 0.1307f;
    private static final float MNIST_STD = 0.3081f;

    /** The generated digits; the test set has shapes that the training set has not. */
    public static DigitsTask generated(long seed) {
        return new DigitsTask(
                normalised(Digits.train(Digits.TRAIN_SIZE, seed)),
                normalised(Digits.test(Digits.TEST_SIZE, seed)));
    }

    /**
     * MNIST from the idx files in {@code folder} or its folder {@code mnist}. With both parts
     * there, "train" is for training and "t10k" for the test; with one, every tenth image (index
     * mod 10 = 9) is for the test and the rest for training.
     */
    public static DigitsTask mnist(Path folder) {
        var parts = Idx.readFolder(folder);
        if (parts.size() == 2) {
            return new DigitsTask(normalised(parts.get(0)), normalised(parts.get(1)));
        }
        var split = parts.get(0).split(i -> i % 10 == 9);
        return new DigitsTask(normalised(split.rest()), normalised(split.matching()));
    }

    private static Dataset normalised(Dataset data) {
        return data.normalized(MNIST_MEAN, MNIST_STD);
    }
}
