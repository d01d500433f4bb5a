/* Largest and mean of windows: see struct jane_pool. The same bits as Jane's Java kernels, on every
 * level. */
#include "pool.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "curves.h"
#include "shuffle.h"

/* d[i] = max(d[i], x[i]), NaN first, -0 below 0. The last eight may overlap others. */
static void larger(float *d, const float *x, int64_t n) {
    if (n < 8) {
        vf_store_n(d, curve_max(vf_load_n(d, n), vf_load_n(x, n)), n);
        return;
    }
    for (int64_t done = 0; done < n; done += 8) {
        int64_t i = least(done, n - 8);
        vf_store(d + i, curve_max(vf_load(d + i), vf_load(x + i)));
    }
}

/* Largest of column[left .. end), the first of equals; the first NaN if there is one. */
static float largest(const float *column, int64_t left, int64_t end) {
    float best = -INFINITY;
    for (int64_t i = left; i < end; i++) {
        float v = column[i];
        if (v != v) {
            return v;
        }
        best = v > best ? v : best;
    }
    return best;
}

/* The larger of each a and its b, and of their neighbours: the first NaN, the first of equals. */
VF_INLINE vf larger_of_pairs(vf even, vf odd) {
    vf best = vf_select((odd > even) | (odd != odd), odd, even);
    return vf_select(even != even, even, best);
}

/* 2x2 windows, without padding. The last eight or four may overlap others. */
static void max_pairs(const float *top, const float *bottom, float *y, int64_t n) {
    for (int64_t done = 0; n >= 8 && done < n; done += 8) {
        int64_t o = least(done, n - 8);
        vf a = curve_max(vf_load(top + 2 * o), vf_load(bottom + 2 * o));
        vf b = curve_max(vf_load(top + 2 * o + 8), vf_load(bottom + 2 * o + 8));
        vf_store(y + o, larger_of_pairs(vf_even(a, b), vf_odd(a, b)));
    }
    for (int64_t done = 0; n >= 4 && n < 8 && done < n; done += 4) {
        int64_t o = least(done, n - 4);
        vf a = curve_max(vf_load(top + 2 * o), vf_load(bottom + 2 * o));
        vf_store_four(y + o, larger_of_pairs(vf_even(a, a), vf_odd(a, a)));
    }
    if (n < 4) {
        vf a = curve_max(vf_load_n(top, 2 * n), vf_load_n(bottom, 2 * n));
        vf_store_n(y, larger_of_pairs(vf_even(a, a), vf_odd(a, a)), n);
    }
}

static void max_row(const struct jane_pool *p, const float *column, float *y) {
    const struct jane_axis *w = &p->w;
    for (int64_t o = 0; o < w->windows; o++) {
        int64_t left = o * w->stride - w->before;
        y[o] = largest(column, most(left, 0), least(left + w->kernel, w->size));
    }
}

/* The largest of rows top to bottom - 1 of each column. */
static void max_column(const struct jane_pool *p, const void *x, int64_t top, int64_t bottom,
                       float *column, float *room) {
    int64_t n = p->w.size;
    if (top >= bottom) {
        fill(column, -INFINITY, n);
    }
    for (int64_t r = top; r < bottom; r++) {
        int64_t at = r * p->x_strides[2];
        const float *row = read_row(p, x, p->x_strides, at, n, room);
        if (r == top) {
            memcpy(column, row, (size_t)n * sizeof(float));
        } else {
            larger(column, row, n);
        }
    }
}

/* Any windows of row u, by the largest of each column. */
static void max_windows(const struct jane_pool *p, const void *x, int64_t u, float *to,
                        float *scratch) {
    int64_t top = u * p->h.stride - p->h.before;
    float *room = scratch + padded(p->w.size);
    max_column(p, x, most(top, 0), least(top + p->h.kernel, p->h.size), scratch, room);
    max_row(p, scratch, to);
}

void JANE_NAME(pool_max)(const struct jane_pool *p, int64_t first, int64_t last, const void *x,
                         void *y, float *scratch) {
    int pairs = is_plain(p, p->x_strides) && is_pairs(&p->h) && is_pairs(&p->w);
    int64_t step = p->x_strides[2];
    float *result = scratch + 2 * padded(most(p->w.size, p->w.windows));
    for (int64_t plane = first; plane < last; plane++) {
        const void *from = plane_of(p, x, p->x_strides, plane);
        void *y_plane = (void *)plane_of(p, y, p->y_strides, plane);
        for (int64_t u = 0; u < p->h.windows; u++) {
            int64_t at = u * p->y_strides[2];
            float *to = begin_row(p, y_plane, p->y_strides, at, result);
            if (pairs) {
                const float *top = (const float *)from + 2 * u * step;
                max_pairs(top, top + step, to, p->w.windows);
            } else {
                max_windows(p, from, u, to, scratch);
            }
            finish_row(p, to, p->w.windows, y_plane, p->y_strides, at);
        }
    }
}

/* Sums in double, row by row: what one window adds up does not depend on where it lies. */
static void mean_row(const struct jane_pool *p, const void *x, int64_t top, int64_t bottom,
                     double *sums, float *room, float *y) {
    const struct jane_axis *w = &p->w;
    for (int64_t o = 0; o < w->windows; o++) {
        sums[o] = 0;
    }
    for (int64_t r = top; r < bottom; r++) {
        const float *row = read_row(p, x, p->x_strides, r * p->x_strides[2], w->size, room);
        for (int64_t o = 0; o < w->windows; o++) {
            int64_t left = o * w->stride - w->before;
            for (int64_t i = most(left, 0); i < least(left + w->kernel, w->size); i++) {
                sums[o] += row[i];
            }
        }
    }
    for (int64_t o = 0; o < w->windows; o++) {
        int64_t left = o * w->stride - w->before;
        int64_t inside =
            most(0, bottom - top) * most(0, least(left + w->kernel, w->size) - most(left, 0));
        y[o] = (float)(sums[o] / (double)(p->count_padding ? p->h.kernel * w->kernel : inside));
    }
}

void JANE_NAME(pool_mean)(const struct jane_pool *p, int64_t first, int64_t last, const void *x,
                          void *y, float *scratch) {
    const struct jane_axis *h = &p->h;
    double *sums = (double *)scratch;
    float *room = scratch + 2 * p->w.windows;
    float *result = room + p->w.size;
    for (int64_t plane = first; plane < last; plane++) {
        const void *from = plane_of(p, x, p->x_strides, plane);
        void *y_plane = (void *)plane_of(p, y, p->y_strides, plane);
        for (int64_t u = 0; u < h->windows; u++) {
            int64_t top = u * h->stride - h->before;
            int64_t at = u * p->y_strides[2];
            float *to = begin_row(p, y_plane, p->y_strides, at, result);
            mean_row(p, from, most(top, 0), least(top + h->kernel, h->size), sums, room, to);
            finish_row(p, to, p->w.windows, y_plane, p->y_strides, at);
        }
    }
}
