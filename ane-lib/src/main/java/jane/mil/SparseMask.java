package jane.mil;

/** Which elements of a dense tensor are stored: a bit for each, and how many ones precede it. */
final class SparseMask {
    private final long[] words;

    /** Ones before each word. */
    private final int[] before;

    /**
     * {@code bits} as the mask of the list {@code values}, which must be as long as it has ones.
     */
    SparseMask(Constexpr op, StoredTensor bits, StoredTensor values) {
        op.require(bits.type() == BlobType.UINT1, bits, "a mask of uint1, or of uint8 with shape");
        op.require(values.shape().rank() == 1, values, "a list");
        var bytes = bits.bytes();
        words = new long[(bytes.limit() + Long.BYTES - 1) / Long.BYTES];
        for (int i = 0; i < bytes.limit(); i++) {
            words[i / Long.BYTES] |= (bytes.get(i) & 0xffL) << Byte.SIZE * (i % Long.BYTES);
        }
        int last = bits.shape().size() % Long.SIZE;
        if (last > 0) {
            words[words.length - 1] &= (1L << last) - 1; // padding bits may be anything
        }
        before = new int[words.length];
        int ones = 0;
        for (int i = 0; i < words.length; i++) {
            before[i] = ones;
            ones += Long.bitCount(words[i]);
        }
        op.require(ones == values.shape().size(), values, ones + " values, as the mask has ones");
    }

    /** Whether element {@code i} is stored. */
    boolean at(int i) {
        return (words[i >> 6] >>> i & 1) != 0;
    }

    /** How many elements before {@code i} are stored. */
    int before(int i) {
        return before[i >> 6] + Long.bitCount(words[i >> 6] & (1L << i) - 1);
    }
}
