package jane.target;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Numbers that differ between families, with their sources. */
public enum Limit {
    SPATIAL_DIM(
            "largest dimension that is not channels of rank 4; largest contraction length",
            "ANEForge, target table: spatial / matmul-K dim",
            16384,
            16384,
            16384,
            65536),
    CHANNEL_DIM(
            "largest axis 1 of rank 4",
            "ANEForge, target table: channel",
            65536,
            65536,
            65536,
            65536),
    TRANSPOSE_DIM(
            "largest dimension of a transpose and of what it reads",
            "ANEForge, target table: transpose extent",
            (1 << 23) - 1,
            (1 << 23) - 1,
            (1 << 23) - 1,
            (1 << 24) - 1),
    CONV_IN_CHANNELS(
            "most input channels of a convolution",
            "maderix/ANE: 32000 input channels refused; R C-17",
            16384,
            16384,
            16384,
            16384),
    CONV_OUT_CHANNELS(
            "most output channels of a convolution",
            "M5 Max notes: 62080 taken, 124160 refused; R C-17",
            65536,
            65536,
            65536,
            65536),
    KERNEL_WIDTH(
            "widest convolution kernel (its height is free)",
            "ANEForge, target table: conv kW; A14 and A15 inherited",
            13,
            13,
            13,
            15),
    POOL_WINDOW(
            "largest pooling window on one axis",
            "ANEForge, quirk table: pool; A14 to A16 from its catalog",
            29,
            31,
            31,
            31),
    RANK("highest rank", "ANEForge, MIL conventions; ironmill", 5, 5, 5, 5),
    BLOBS(
            "most BLOBFILE tensors in a program",
            "Orion community and M5 Max notes; R C-18",
            16,
            16,
            16,
            16),
    LAYER_CHAIN(
            "longest chain of convolutions and matrix products",
            "maderix/ANE part 4, M4: 383 compile, 384 do not; R C-41",
            383,
            383,
            383,
            383),
    EXACT_SUM(
            "largest count that a reduction adds exactly",
            "ANEForge, quirk table: reduce_sum",
            2048,
            2048,
            2048,
            2048),
    COMPILES_WARNING(
            "compilations in a process before a warning",
            "our choice, from R C-09",
            100,
            100,
            100,
            100),
    COMPILES(
            "compilations in a process before they fail (119 to 132 seen)",
            "maderix/ANE, Orion, libane, ironmill; R C-09",
            119,
            119,
            119,
            119),
    RESIDENT(
            "programs loaded at once",
            "ANEForge, in-flight cap; M5 Max notes; R C-09",
            127,
            127,
            127,
            127);

    private final String meaning;
    private final String source;
    private final List<Long> byFamily;

    Limit(String meaning, String source, long... byFamily) {
        this.meaning = meaning;
        this.source = source;
        this.byFamily = LongStream.of(byFamily).boxed().toList();
    }

    /** What is limited. */
    public String meaning() {
        return meaning;
    }

    /** Who found it. */
    public String source() {
        return source;
    }

    /** The number for a family. */
    public long of(Family family) {
        return byFamily.get(family.ordinal());
    }

    /** The smallest of all families: what portable programs keep to. */
    public long smallest() {
        return Arrays.stream(Family.values()).mapToLong(this::of).min().getAsLong();
    }
}
