/**
 * Layers: {@link jane.nn.Layer} is what a layer of one's own extends; {@link jane.nn.Sequential},
 * {@link jane.nn.Linear}, {@link jane.nn.Conv2d}, {@link jane.nn.MaxPool2d}, {@link
 * jane.nn.AvgPool2d}, {@link jane.nn.Flatten}, {@link jane.nn.ReLU}, {@link jane.nn.GELU}, {@link
 * jane.nn.SiLU}, {@link jane.nn.Tanh}, {@link jane.nn.Sigmoid}, {@link jane.nn.LayerNorm}, {@link
 * jane.nn.RMSNorm}, {@link jane.nn.BatchNorm2d}, {@link jane.nn.Dropout}, {@link
 * jane.nn.Embedding}, {@link jane.nn.Residual}; {@link jane.nn.Init} draws first weights, {@link
 * jane.nn.Loss} measures, {@link jane.nn.Scope} is what a layer may ask of a training step. {@link
 * jane.nn.CellLayer} has a body from a notebook cell; {@link jane.nn.Summary} and {@link
 * jane.nn.LayerGraph} show a model without running it.
 *
 * <p>Depends on {@code jane.tensor}.
 *
 * <pre>{@code
 * Layer mlp = new Sequential(new Linear(784, 256), new GELU(), new Linear(256, 10));
 * Tensor logits = mlp.forward(Tensor.randn(8, 784));
 * }</pre>
 */
package jane.nn;
