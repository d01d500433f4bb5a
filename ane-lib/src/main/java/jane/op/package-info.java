/**
 * The ops, one block each, in small families; {@link jane.op.Ops} is the registry derived from
 * them.
 *
 * <ul>
 *   <li>Element by element: {@link jane.op.Elementwise}, {@link jane.op.Rounding}, {@link
 *       jane.op.Trigonometry}, {@link jane.op.Logic}, {@link jane.op.Activations}, {@link
 *       jane.op.Rectifiers}, {@link jane.op.Quantisation}.
 *   <li>Over axes: {@link jane.op.Reductions}, {@link jane.op.Sorting}, {@link jane.op.Scans},
 *       {@link jane.op.Normalisation}, {@link jane.op.Losses}.
 *   <li>Moving: {@link jane.op.Movement}, {@link jane.op.Slicing}, {@link jane.op.Splitting},
 *       {@link jane.op.Joining}, {@link jane.op.Padding}, {@link jane.op.Indexing}, {@link
 *       jane.op.Generators}, {@link jane.op.Blocks}.
 *   <li>Products and images: {@link jane.op.Contraction}, {@link jane.op.Einsum}, {@link
 *       jane.op.Attention}, {@link jane.op.Convolution}, {@link jane.op.Pooling}, {@link
 *       jane.op.Resize}.
 * </ul>
 *
 * <p>{@link jane.op.Broadcasting} and {@link jane.op.Reverse} serve those that differentiate.
 * Depends on {@code jane.ir}. Each family has a function per op that makes a node and gives its
 * result:
 *
 * <pre>{@code
 * Value h = Activations.relu(Contraction.matmul(x, w));
 * }</pre>
 */
package jane.op;
