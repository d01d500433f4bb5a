package jane.conform;

import jane.ir.DType;

/**
 * What kind of graph to draw.
 *
 * @param whole every value an integer of magnitude 2048 or less, so that results are equal bit for
 *     bit in fp16 and fp32
 * @param floats the type of most floats
 * @param tame without empty tensors, integers and a second float type, which no chip takes
 */
record Style(boolean whole, DType floats, boolean tame) {
    /** The largest integer up to which fp16 has every integer. */
    static final int LARGEST = 2048;
}
