/**
 * The ops, one block each, in small families: {@link jane.op.Elementwise}, {@link jane.op.Logic},
 * {@link jane.op.Activations}, {@link jane.op.Reductions}, {@link jane.op.Movement}, {@link
 * jane.op.Indexing}, {@link jane.op.Contraction}, {@link jane.op.Convolution}, {@link
 * jane.op.Pooling}, {@link jane.op.Losses}; {@link jane.op.Ops} is the registry derived from them.
 *
 * <p>Depends on {@code jane.ir}. Each family has a function per op that makes a node and gives its
 * result:
 *
 * <pre>{@code
 * Value h = Activations.relu(Contraction.matmul(x, w));
 * }</pre>
 */
package jane.op;
