package jane.example;

import jane.Jane;
import jane.data.Toy;
import jane.nn.GELU;
import jane.nn.Linear;
import jane.nn.Loss;
import jane.nn.Sequential;
import jane.optim.Adam;
import jane.train.Trainer;

/** A plain Java program that trains with ane-lib alone. */
public final class TrainMoons {
    private TrainMoons() {}

    public static void main(String[] args) {
        Jane.seed(1);
        var model = new Sequential(new Linear(2, 32), new GELU(), new Linear(32, 2));
        var trainer =
                Trainer.of(model, Loss.crossEntropy(), Adam.of(1e-2), Toy.moons(500, 0.1, 1))
                        .batchSize(50)
                        .validation(Toy.moons(200, 0.1, 2));
        trainer.fit(20);
        var score = trainer.epochs().get(19).validation().orElseThrow();
        System.out.printf("loss %.3f, accuracy %.1f %%%n", score.loss(), 100 * score.accuracy());
    }
}
