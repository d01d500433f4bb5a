/* What pool.c and pool_grad.c share: rows of planes, in and out. */
#ifndef JANE_POOL_H
#define JANE_POOL_H

#include "windows.h"

static inline int is_plain(const struct jane_pool *p, const int64_t *strides) {
    return !p->half && strides[3] == 1;
}

/* Where a plane begins; asked once a plane, for divisions are slow. */
static inline const char *plane_of(const struct jane_pool *p, const void *base,
                                   const int64_t *strides, int64_t plane) {
    int64_t at = plane / p->channels * strides[0] + plane % p->channels * strides[1];
    return (const char *)base + at * (p->half ? 2 : 4);
}

/* n elements from at, in place if they lie side by side as floats, else copied to room. */
static inline const float *read_row(const struct jane_pool *p, const void *base,
                                    const int64_t *strides, int64_t at, int64_t n, float *room) {
    if (is_plain(p, strides)) {
        return (const float *)base + at;
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t from = at + i * strides[3];
        if (p->half) {
            JANE_NAME(half_to_float)((const uint16_t *)base + from, room + i, 1);
        } else {
            room[i] = ((const float *)base)[from];
        }
    }
    return room;
}

/* Where to compute a row of results: in place if possible, else in room, for finish_row to copy. */
static inline float *begin_row(const struct jane_pool *p, void *base, const int64_t *strides,
                               int64_t at, float *room) {
    return is_plain(p, strides) ? (float *)base + at : room;
}

static inline void finish_row(const struct jane_pool *p, const float *row, int64_t n, void *base,
                              const int64_t *strides, int64_t at) {
    if (is_plain(p, strides)) {
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t to = at + i * strides[3];
        if (p->half) {
            JANE_NAME(float_to_half)(row + i, (uint16_t *)base + to, 1);
        } else {
            ((float *)base)[to] = row[i];
        }
    }
}

static inline void fill(float *to, float value, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        to[i] = value;
    }
}

/* Windows of two, side by side, without padding. */
static inline int is_pairs(const struct jane_axis *a) {
    return a->kernel == 2 && a->stride == 2 && a->before == 0 && a->windows * 2 <= a->size;
}

#endif
