/**
 * Training: {@link jane.train.Step} is one step with everything visible, {@link jane.train.Trainer}
 * the loop over epochs, {@link jane.train.Evaluation} the score on data; {@link
 * jane.train.StepReport}, {@link jane.train.EpochReport} and {@link jane.train.Score} say what
 * happened. {@link jane.train.Inspector} lays a step open as an {@link jane.train.Inspection},
 * {@link jane.train.Run} sums up a call of the loop, {@link jane.train.StepGraph} is a step's
 * graph.
 *
 * <p>Depends on {@code jane.nn}, {@code jane.optim}, {@code jane.data}, {@code jane.io} and {@code
 * jane.tensor}.
 *
 * <pre>{@code
 * var trainer = Trainer.of(model, Loss.crossEntropy(), Adam.of(1e-3), train).batchSize(128);
 * trainer.fit(10);
 * }</pre>
 */
package jane.train;
