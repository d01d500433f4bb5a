package jane.train;

import java.util.Optional;

/**
 * What one epoch did.
 *
 * @param epoch 1 for the first
 * @param trainLoss mean of the batches' losses, each before its update
 * @param validation score after the epoch, where validation data was given
 * @param steps steps taken in this epoch in this call
 * @param seconds time of the epoch, validation included
 */
public record EpochReport(
        int epoch, double trainLoss, Optional<Score> validation, int steps, double seconds) {}
