/**
 * The graph and nothing that runs it: {@link jane.ir.DType}, {@link jane.ir.Half}, {@link
 * jane.ir.Shape}, {@link jane.ir.TensorType}, {@link jane.ir.Op}, {@link jane.ir.Node}, {@link
 * jane.ir.Value}, {@link jane.ir.Graph}, {@link jane.ir.Leaf}, {@link jane.ir.ConstData}, {@link
 * jane.ir.Dense}, {@link jane.ir.Literal}, {@link jane.ir.Spelling}, {@link jane.ir.NoAttrs},
 * {@link jane.ir.Rewriter}, and the error family under {@link jane.ir.JaneException}.
 *
 * <p>Depends on the JDK only. Values are built by the functions of {@code jane.op}:
 *
 * <pre>{@code
 * Value x = Leaf.input(TensorType.fp32(2, 3));
 * Value y = Elementwise.add(x, x);
 * Graph g = Graph.of(List.of(new Graph.Port("x", x)), List.of(new Graph.Port("y", y)));
 * }</pre>
 */
package jane.ir;
