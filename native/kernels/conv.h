/* What the files of a convolution share: conv.c multiplies, conv_pack.c copies what it multiplies,
 * conv_store.c stores what comes of it. */
#ifndef JANE_CONV_H
#define JANE_CONV_H

#include "windows.h"

/* What one task works on; a range is first inclusive, last exclusive. */
struct part {
    int64_t g;
    int64_t o0, o1;
    int64_t b0, b1;
    int64_t u0, u1;
    int64_t v0, v1;
};

/* A stretch of the inner dimension: channels, kernel rows, kernel columns. */
struct inner {
    int64_t c0, c1;
    int64_t i0, i1;
    int64_t j0, j1;
};

static inline int64_t depth(const struct inner *k) {
    return (k->c1 - k->c0) * (k->i1 - k->i0) * (k->j1 - k->j0);
}

static inline int64_t columns(const struct part *t) {
    return (t->b1 - t->b0) * (t->u1 - t->u0) * (t->v1 - t->v0);
}

/* Floats of the sums of a part. */
static inline int64_t floats_of(const struct jane_conv *p, const struct part *t) {
    int64_t wide = t->v1 - t->v0;
    return p->by_rows ? (t->o1 - t->o0) * (columns(t) / wide) * whole_vectors(wide)
                      : columns(t) * ceil_div(t->o1 - t->o0, JANE_CONV_LANES) * JANE_CONV_LANES;
}

#ifdef JANE_LEVEL
/* Weights of the block of outputs from o on: one row of JANE_CONV_LANES lanes per inner index;
 * lanes past the last output are 0. */
void JANE_NAME(conv_pack_weights)(const struct jane_conv *p, const void *weights, int64_t g,
                                  int64_t o, const struct inner *k, float *to);

/* The part of the images that windows of t touch with taps of k, with its padding. */
void JANE_NAME(conv_pack_images)(const struct jane_conv *p, const void *x, const struct part *t,
                                 const struct inner *k, float *to);

/* The sums of a part, with bias and ReLU, to y. */
void JANE_NAME(conv_store)(const struct jane_conv *p, const struct part *t, const float *sums,
                           const float *bias, void *y);
#endif

#endif
