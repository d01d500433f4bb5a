package jane.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jane.nn.Layer;
import jane.nn.Loss;
import jane.optim.Adam;
import jane.tensor.Session;
import jane.zoo.DigitsTask;
import jane.zoo.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Real handwriting, where it is at hand: in the folder named by JANE_DATA, else in the folder
 * shared/data beside the project.
 */
class MnistTest {
    private static double accuracy(Supplier<Layer> model, int epochs) {
        Optional<Path> folder = folder();
        assumeTrue(folder.isPresent(), "no MNIST: name its folder in JANE_DATA");
        Session.current().seed(1);
        var task = DigitsTask.mnist(folder.get());
        var trainer =
                Trainer.of(model.get(), Loss.crossEntropy(), Adam.of(1e-3), task.train())
                        .batchSize(128)
                        .seed(1);
        trainer.fit(epochs);
        return trainer.score(task.test()).accuracy();
    }

    private static Optional<Path> folder() {
        var named = Optional.ofNullable(System.getenv("JANE_DATA")).map(Path::of);
        return Stream.concat(
                        named.stream(),
                        Stream.of(Path.of("../../shared/data"), Path.of("../shared/data")))
                .filter(p -> Files.isDirectory(p.resolve("mnist")) || hasImages(p))
                .findFirst();
    }

    private static boolean hasImages(Path folder) {
        return Stream.of("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")
                .flatMap(name -> Stream.of(name, name + ".gz"))
                .anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    @Test
    void theMlpReadsMnist() {
        double accuracy = accuracy(() -> Models.mlp(784, 256, 10), 10);
        assertTrue(accuracy >= 0.95, "accuracy " + accuracy);
    }

    @Test
    void theCnnReadsMnistAfterThreeEpochs() {
        double accuracy = accuracy(Models::digitsCnn, 3);
        assertTrue(accuracy >= 0.94, "accuracy " + accuracy);
    }
}
