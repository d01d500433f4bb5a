/**
 * Data sets and batches: {@link jane.data.Dataset}, {@link jane.data.Batches}, {@link
 * jane.data.Batch}; read from files by {@link jane.data.Idx} and {@link jane.data.Csv}, fetched by
 * {@link jane.data.Mnist}, {@link jane.data.FashionMnist} and {@link jane.data.Downloads}, made by
 * {@link jane.data.Digits} and {@link jane.data.Toy}.
 *
 * <p>Depends on {@code jane.tensor} (random streams), {@code jane.io} and {@code jane.ir}. In this
 * package N is the number of samples and B the batch size.
 *
 * <pre>{@code
 * Dataset train = Digits.train(Digits.TRAIN_SIZE, 1);
 * for (Batch batch : Batches.of(train, 128).shuffled(1).epoch(0)) {
 *     // batch.features(), batch.oneHot(), batch.weights()
 * }
 * }</pre>
 */
package jane.data;
