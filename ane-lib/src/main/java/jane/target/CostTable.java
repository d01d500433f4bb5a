package jane.target;

import static jane.target.Quantity.CLIFF_SHARE;
import static jane.target.Quantity.CLIFF_SIZE;
import static jane.target.Quantity.CONV_PEAK;
import static jane.target.Quantity.DISPATCH;
import static jane.target.Quantity.MATMUL_PEAK;
import static jane.target.Quantity.REDUCTION_RATE;
import static jane.target.Quantity.RESIDENCY;
import static jane.target.Quantity.SURFACE_BANDWIDTH;
import static jane.target.Quantity.WEIGHT_BANDWIDTH;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cost model's constants per chip. M1, M2, M4 and M5 have theirs from collection R alone, so
 * that F's measured rows can test them; M3, which F never measured, the other way round. Where a
 * chip has no row of its own the source says whose it borrows.
 */
final class CostTable {
    private static final String CONV_BORROWED =
            "R 6.1, row rated: M2/M3 15.8 TOPS, counted as fp16";
    private static final String STREAMS =
            "R 6.2, row bandwidth: activations and surfaces, M1 and M5";
    private static final String SOFTMAX =
            "R 6.3, per-op moves: softmax(32000) x 256 on M4 2.4 ms, less dispatch and surfaces";
    private static final String ONLY_M4 = "R 6.1: no drop reported on this chip";

    /** By chip; every other name falls back to its family's first. */
    private static final Map<String, List<Constant>> CHIPS = chips();

    private CostTable() {}

    static List<Constant> of(Target target) {
        String name = target.chip().map(Chip::name).orElse("m1");
        String family =
                switch (target.family()) {
                    case A13 -> "m1";
                    case A14 -> "m2";
                    case A15 -> "m3";
                    case A16 -> name.startsWith("h17") ? "m5" : "m4";
                };
        return CHIPS.getOrDefault(name, CHIPS.get(family));
    }

    private static Constant c(Quantity quantity, double value, String source) {
        return new Constant(quantity, value, source);
    }

    private static Map<String, List<Constant>> chips() {
        var chips = new LinkedHashMap<String, List<Constant>>();
        chips.put("m1", m1());
        chips.put("m2", m2());
        chips.put("m3", m3());
        chips.put("m4", m4());
        chips.put("m5", m5());
        chips.put("m5-pro", m5Pro());
        return chips;
    }

    private static List<Constant> m1() {
        return List.of(
                c(DISPATCH, 210, "R 6.2, row dispatch: M1 0.19-0.23 ms, the middle"),
                c(CONV_PEAK, 12, "R 6.1, row M1 / M1 Max: slope estimate 12"),
                c(MATMUL_PEAK, 4.6, "R 6.1, row M1 / M1 Max: GEMM 2.7-4.6, the best"),
                c(REDUCTION_RATE, 8.7, SOFTMAX),
                c(WEIGHT_BANDWIDTH, 51, "R 6.2, row bandwidth: weights, M1"),
                c(SURFACE_BANDWIDTH, 24, STREAMS),
                c(RESIDENCY, 2.28, "R 6.2, row on-chip memory: threshold on M1"),
                c(CLIFF_SIZE, 32, ONLY_M4),
                c(CLIFF_SHARE, 1, ONLY_M4));
    }

    private static List<Constant> m2() {
        return List.of(
                c(
                        DISPATCH,
                        92.5,
                        "R 6.2, row dispatch: M4's; every chip after M1 lies at 0.06-0.11"),
                c(CONV_PEAK, 15.8, CONV_BORROWED),
                c(MATMUL_PEAK, 3.4, "R 6.1, row M2 Pro: GEMM 3.4"),
                c(REDUCTION_RATE, 8.7, SOFTMAX),
                c(WEIGHT_BANDWIDTH, 51, "R 6.2, row bandwidth: weights, M1's"),
                c(SURFACE_BANDWIDTH, 24, STREAMS),
                c(RESIDENCY, 2.28, "R 6.2, row on-chip memory: M1's"),
                c(CLIFF_SIZE, 32, ONLY_M4),
                c(CLIFF_SHARE, 1, ONLY_M4));
    }

    private static List<Constant> m3() {
        String estimated = "F 5, clock table: h15, estimated from anchors";
        return List.of(
                c(DISPATCH, 94, estimated),
                c(CONV_PEAK, 19, "F 5, weak spots: convolution 2-3 times the GEMM peak; 2.5 x 7.6"),
                c(MATMUL_PEAK, 7.6, estimated),
                c(
                        REDUCTION_RATE,
                        14.6,
                        "F 5, M5 fused ops: softmax less relu at (256, 1024); M5's"),
                c(WEIGHT_BANDWIDTH, 48, estimated),
                c(SURFACE_BANDWIDTH, 48, estimated),
                c(RESIDENCY, 2.28, "R 6.2, row on-chip memory: M1's; no row of the test needs it"),
                c(CLIFF_SIZE, 32, ONLY_M4),
                c(CLIFF_SHARE, 1, ONLY_M4));
    }

    private static List<Constant> m4() {
        return List.of(
                c(DISPATCH, 92.5, "R 6.2, row dispatch: M4 0.09-0.095 ms"),
                c(CONV_PEAK, 18.6, "R 6.1, row M4: 128 convolutions, 512 channels, 64x64"),
                c(MATMUL_PEAK, 5.7, "R 6.1, below the table: matmul 2048^2 on M4"),
                c(REDUCTION_RATE, 8.7, SOFTMAX),
                c(WEIGHT_BANDWIDTH, 120, "R 6.2, row bandwidth: M4 SoC; R 6.4"),
                c(SURFACE_BANDWIDTH, 24, STREAMS),
                c(RESIDENCY, 4.72, "R 6.2, row on-chip memory: M5's"),
                c(CLIFF_SIZE, 32, "R 6.2, row on-chip memory: 32 MB, 30 % drop at 4096^2"),
                c(CLIFF_SHARE, 0.7, "R 6.1, below the table: 4.0 of 5.7 TFLOP/s at 4096^2"));
    }

    private static List<Constant> m5() {
        return m5(
                c(DISPATCH, 70, "R 6.2, row dispatch: M5 0.06-0.08 ms"),
                c(MATMUL_PEAK, 8.7, "R 6.1, row M5: GEMM 8.7"));
    }

    private static List<Constant> m5Pro() {
        return m5(
                c(DISPATCH, 90, "R 6.2, row dispatch: M5 Pro 0.07-0.11 ms"),
                c(MATMUL_PEAK, 10, "R 6.1, row M5 Pro / M5 Max: GEMM 10.0"));
    }

    private static List<Constant> m5(Constant dispatch, Constant matmul) {
        return List.of(
                dispatch,
                c(CONV_PEAK, 18.2, "R 6.1, row M5"),
                matmul,
                c(REDUCTION_RATE, 8.7, SOFTMAX),
                c(WEIGHT_BANDWIDTH, 147.5, "R 6.2, row bandwidth: weights, M5 145-150"),
                c(SURFACE_BANDWIDTH, 24, STREAMS),
                c(RESIDENCY, 4.72, "R 6.2, row on-chip memory: threshold on M5"),
                c(CLIFF_SIZE, 32, ONLY_M4),
                c(CLIFF_SHARE, 1, ONLY_M4));
    }
}
