/* What fused.c, reduce.c and copy.c share. */
#ifndef JANE_ELEMENTWISE_H
#define JANE_ELEMENTWISE_H

#include "dispatch.h"
#include "simd.h"

#include <stdint.h>

/* Where a walk over the rows of a view is. */
struct jane_walk {
    const struct jane_view *view;
    int64_t at;     /* elements from the base to the start of the row */
    int64_t column; /* in the row */
    int64_t index[JANE_AXES];
};

static inline struct jane_walk jane_walk_from(const struct jane_view *v, int64_t flat) {
    struct jane_walk w = {.view = v};
    int64_t row = flat / v->inner;
    w.column = flat - row * v->inner;
    for (int64_t i = v->outer - 1; i >= 0; i--) {
        int64_t above = row / v->dims[i];
        w.index[i] = row - above * v->dims[i];
        w.at += w.index[i] * v->strides[i];
        row = above;
    }
    return w;
}

static inline void jane_walk_next_row(struct jane_walk *w) {
    const struct jane_view *v = w->view;
    w->column = 0;
    for (int64_t i = v->outer - 1; i >= 0; i--) {
        w->at += v->strides[i];
        if (++w->index[i] < v->dims[i]) {
            return;
        }
        w->at -= v->dims[i] * v->strides[i];
        w->index[i] = 0;
    }
}

/* Whether elements follow one another without gaps. */
static inline int jane_view_dense(const struct jane_view *v) {
    return v->outer == 0 && v->step == 1;
}

/* Sixteen running sums in double: element i of a chunk goes to sum i mod 16. */
#define JANE_SUMS 16

typedef double vd __attribute__((vector_size(32)));

static inline vd vd_load(const double *src) {
    vd x;
    memcpy(&x, src, sizeof x);
    return x;
}

/* The sums together, in pairs 8, 4, 2 and 1 apart. */
static inline double sum_pairs(vd s0, vd s1, vd s2, vd s3) {
    vd all = (s0 + s2) + (s1 + s3);
    return (all[0] + all[2]) + (all[1] + all[3]);
}

static inline double sum_total(const double *sums) {
    return sum_pairs(vd_load(sums), vd_load(sums + 4), vd_load(sums + 8), vd_load(sums + 12));
}

/* Rows that go together to one unit of a copy. */
#define JANE_BAND 64

static inline int64_t copy_bands(const struct jane_copy *c) {
    return (c->rows + JANE_BAND - 1) / JANE_BAND;
}

/* The arrays behind the head of a program. */
struct fused_parts {
    const struct jane_port *loads;
    const struct jane_port *stores;
    const struct jane_constant *constants;
    const struct jane_step *steps;
    const struct jane_total *totals;
};

static inline struct fused_parts fused_parts(const struct jane_fused *f) {
    struct fused_parts p;
    p.loads = (const struct jane_port *)(f + 1);
    p.stores = p.loads + f->loads;
    p.constants = (const struct jane_constant *)(p.stores + f->stores);
    p.steps = (const struct jane_step *)(p.constants + f->constants);
    p.totals = (const struct jane_total *)(p.steps + f->steps);
    return p;
}

/* Rows: registers, then one for each load, then one for each store. */
static inline int64_t fused_slots(const struct jane_fused *f) {
    return f->registers + f->loads + f->stores;
}

/* Floats from one row to the next: a multiple of what any vector holds. */
static inline int64_t fused_row_floats(const struct jane_fused *f) {
    return (f->tile + 15) / 16 * 16;
}

/* Bytes of the table of row addresses, which lies before the rows. */
static inline int64_t fused_table_bytes(const struct jane_fused *f) {
    return (fused_slots(f) * (int64_t)sizeof(float *) + 63) / 64 * 64;
}

#endif
