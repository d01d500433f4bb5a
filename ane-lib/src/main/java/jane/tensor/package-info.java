/**
 * Tensors as a user sees them: {@link jane.tensor.Tensor} looks like a value and computes when
 * looked at; its operations stand in {@link jane.tensor.TensorOps}, ways to make one in {@link
 * jane.tensor.TensorFactory}; {@link jane.tensor.Parameter} is trained; {@link jane.tensor.Grad}
 * differentiates; {@link jane.tensor.Session} holds the engine and the seed; {@link
 * jane.tensor.RandomStream} makes numbers that repeat; {@link jane.tensor.Capture} shows what a
 * tensor is made of. {@link jane.tensor.TensorGraph} draws that as a graph, {@link
 * jane.tensor.TensorText} reads tensors from text, {@link jane.tensor.Trace} is told of all
 * compiling and computing.
 *
 * <p>Depends on {@code jane.grad}, {@code jane.compile} and {@code jane.engine}.
 *
 * <pre>{@code
 * Tensor w = Tensor.randn(3, 1).requiresGrad();
 * Tensor loss = Tensor.ones(4, 3).matmul(w).square().mean();
 * loss.backward();
 * System.out.println(w.grad());
 * }</pre>
 */
package jane.tensor;
