package jane.bench.duel;

/**
 * How a duel ended.
 *
 * @param checked how many results were compared
 * @param difference the largest difference between two of them
 * @param roundRatio median over the rounds of Jane's median time over the peer's
 */
public record DuelResult(
        String name,
        int checked,
        double difference,
        Duel.Side jane,
        Duel.Side peer,
        double roundRatio) {
    /** Jane's median time over the peer's, over all rounds together. */
    public double ratio() {
        return jane.median() / peer.median();
    }

    /** Jane's best time over the peer's: what is left of the ratio on a machine that is busy. */
    public double bestRatio() {
        return jane.best() / peer.best();
    }
}
