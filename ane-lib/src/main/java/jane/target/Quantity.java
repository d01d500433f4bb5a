package jane.target;

/** What the cost model knows of a chip. */
public enum Quantity {
    DISPATCH("floor of one run", "us"),
    CONV_PEAK("convolution peak", "TFLOP/s"),
    MATMUL_PEAK("matrix product peak", "TFLOP/s"),
    REDUCTION_RATE("softmax, norms and reductions", "Gelement/s"),
    WEIGHT_BANDWIDTH("constants, streamed", "GB/s"),
    SURFACE_BANDWIDTH("inputs, outputs and what leaves the chip", "GB/s"),
    RESIDENCY("largest operand that stays on the chip", "MB"),
    CLIFF_SIZE("operands of a matrix product before the rate drops", "MB"),
    CLIFF_SHARE("share of the matrix product peak beyond that", "");

    private final String meaning;
    private final String unit;

    Quantity(String meaning, String unit) {
        this.meaning = meaning;
        this.unit = unit;
    }

    /** What it is. */
    public String meaning() {
        return meaning;
    }

    /** The unit of its values; MB and GB are decimal. */
    public String unit() {
        return unit;
    }
}
