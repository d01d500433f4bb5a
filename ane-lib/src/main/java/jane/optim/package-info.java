/**
 * Optimizers as graph functions: {@link jane.optim.Sgd}, {@link jane.optim.Adam}; one of one's own
 * implements {@link jane.optim.Optimizer}. {@link jane.optim.Schedule} is the learning rate over
 * steps.
 *
 * <p>Depends on {@code jane.tensor}.
 *
 * <pre>{@code
 * Optimizer adam = Adam.of(Schedule.cosine(1e-3, 0, 900).warmup(100));
 * Optimizer sgd = Sgd.of(0.1).momentum(0.9).nesterov();
 * }</pre>
 */
package jane.optim;
