/* What conv.c, pool.c and windows.c share: sizes of windows on images. */
#ifndef JANE_WINDOWS_H
#define JANE_WINDOWS_H

#include "dispatch.h"

/* Output channels side by side in packed weights and in sums. */
#define JANE_CONV_LANES 16

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/* Whether an axis has no size below 1 and none so large that products could overflow. */
static inline int is_bad_axis(const struct jane_axis *a) {
    int64_t sizes[] = {a->size, a->kernel, a->windows, a->stride, a->dilation, a->spread};
    int bad = a->before < -INT32_MAX || a->before > INT32_MAX;
    for (int i = 0; i < 6; i++) {
        bad |= sizes[i] < 1 || sizes[i] > INT32_MAX;
    }
    return bad;
}

/* Positions of a padded axis that windows touch. */
static inline int64_t reach(const struct jane_axis *a, int64_t windows, int64_t taps) {
    return (windows - 1) * a->stride + (taps - 1) * a->dilation + 1;
}

static inline int64_t whole_vectors(int64_t n) { return (n + 7) / 8 * 8; }

/* Room for n floats of a row that is worked on in whole vectors, from any place in it. */
static inline int64_t padded(int64_t n) { return (n + 15) / 8 * 8; }

/* A padded row of a pooled image: phases, its elements mod stride, each of so many floats. */
static inline int64_t pool_phase(const struct jane_pool *p) {
    return padded(ceil_div(reach(&p->w, p->w.windows, p->w.kernel), p->w.stride));
}

#endif
