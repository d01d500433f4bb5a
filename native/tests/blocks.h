/* Parameter blocks for the tests of elementwise kernels. */
#ifndef JANE_TEST_BLOCKS_H
#define JANE_TEST_BLOCKS_H

#include "jane_kernels.h"

/* n elements, step apart, of one row. */
static inline struct jane_view line(int64_t dtype, int64_t n, int64_t step) {
    return (struct jane_view){.dtype = dtype, .inner = n, .step = step, .repeats = step == 0};
}

/* rows x columns elements. */
static inline struct jane_view grid(int64_t dtype, int64_t rows, int64_t columns, int64_t row,
                                    int64_t column) {
    struct jane_view v = line(dtype, columns, column);
    v.repeats = row == 0;
    v.outer = 1;
    v.dims[0] = rows;
    v.strides[0] = row;
    return v;
}

#endif
