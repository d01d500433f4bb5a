/**
 * Two processes that do the same work by turns: {@link jane.bench.duel.Duel} starts them as {@link
 * jane.bench.duel.Rival}s, each of which runs {@link jane.bench.duel.RivalMain} with one {@link
 * jane.bench.duel.Contender}.
 *
 * <p>Depends on ane-lib, DJL and JNA.
 *
 * <pre>{@code
 * Duel.Result result = new Duel("jane-step mlp-adam", "djl-step mlp-adam", file).fight(100, 12);
 * }</pre>
 */
package jane.bench.duel;
