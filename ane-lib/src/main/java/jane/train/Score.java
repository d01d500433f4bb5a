package jane.train;

/**
 * How a model does on data.
 *
 * @param loss mean over the samples
 * @param accuracy share of samples whose largest output is at their label, 0 to 1
 * @param samples how many
 */
public record Score(double loss, double accuracy, int samples) {}
