package jane.target;

/**
 * One number of the cost model and who published it.
 *
 * @param value in the quantity's unit
 * @param source the collection (R: notes on public ANE projects; F: ANEForge), section and row
 */
public record Constant(Quantity quantity, double value, String source) {}
