/* Gradients of pooling: see jane_pool_max_grad. The same bits as Jane's Java kernels, on every
 * level. */
#include "pool.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "shuffle.h"

/* Padded rows of an image and of its gradient that some window still needs: a slot per kernel row.
 * A row is kept as phases, its elements mod stride, so that one tap of neighbouring windows is a
 * stretch of neighbours. */
struct ring {
    int64_t phase;  /* floats of a phase, 8 or more of them spare */
    int64_t row;    /* floats of a slot */
    int64_t span;   /* padded positions that windows touch */
    int64_t loaded; /* first padded row not yet loaded */
    int64_t done;   /* first padded row not yet given out */
    float *x;
    float *dx;
    float *y;
    float *rest; /* of dy, what no earlier tap has taken */
    float *line;
    float *room;
};

static struct ring make_ring(const struct jane_pool *p, float *scratch) {
    struct ring r = {.phase = pool_phase(p), .span = reach(&p->w, p->w.windows, p->w.kernel)};
    int64_t line = padded(most(p->w.size, p->w.windows));
    r.row = r.phase * p->w.stride;
    r.x = scratch;
    r.dx = r.x + r.row * p->h.kernel;
    r.y = r.dx + r.row * p->h.kernel;
    r.rest = r.y + line;
    r.line = r.rest + line;
    r.room = r.line + line;
    return r;
}

static float *slot(const struct jane_pool *p, const struct ring *r, float *base, int64_t row) {
    return base + row % p->h.kernel * r->row;
}

/* First padded position of a phase that lies on the image. */
static int64_t first_of_phase(const struct jane_pool *p, int64_t phase) {
    int64_t before = p->w.before;
    return phase >= before ? phase : phase + ceil_div(before - phase, p->w.stride) * p->w.stride;
}

/* Padding is below everything, as the forward pass has it. */
static void load_image_row(const struct jane_pool *p, const struct ring *r, const void *x,
                           int64_t row) {
    float *to = slot(p, r, r->x, row);
    int64_t own = row - p->h.before;
    int64_t s = p->w.stride;
    fill(to, -INFINITY, r->row);
    if (own < 0 || own >= p->h.size) {
        return;
    }
    const float *from = read_row(p, x, p->x_strides, own * p->x_strides[2], p->w.size, r->room);
    int64_t end = least(r->span, p->w.before + p->w.size);
    for (int64_t phase = 0; phase < s; phase++) {
        int64_t q = first_of_phase(p, phase);
        float *line = to + phase * r->phase + q / s;
        for (; q < end; q += s) {
            *line++ = from[q - p->w.before];
        }
    }
}

/* Gives out the gradient's padded rows up to end: those of the image, those no window reached as
 * zeros. */
static void give_out(const struct jane_pool *p, struct ring *r, const void *x, void *dx,
                     int64_t end) {
    int64_t s = p->w.stride;
    for (; r->done < end; r->done++) {
        int64_t own = r->done - p->h.before;
        if (own < 0 || own >= p->h.size) {
            continue;
        }
        const float *from = slot(p, r, r->dx, r->done);
        int64_t at = own * p->dx_strides[2];
        float *to = begin_row(p, dx, p->dx_strides, at, r->line);
        memset(to, 0, (size_t)p->w.size * sizeof(float));
        int64_t end_of_row = r->done < r->loaded ? least(r->span, p->w.before + p->w.size) : 0;
        for (int64_t phase = 0; phase < s; phase++) {
            int64_t q = first_of_phase(p, phase);
            const float *line = from + phase * r->phase + q / s;
            for (; q < end_of_row; q += s) {
                to[q - p->w.before] = *line++;
            }
        }
        if (p->relu && x != NULL) {
            const float *image =
                read_row(p, x, p->x_strides, own * p->x_strides[2], p->w.size, r->room);
            for (int64_t i = 0; i < p->w.size; i++) {
                to[i] = image[i] > 0 ? to[i] : 0;
            }
        }
        finish_row(p, to, p->w.size, dx, p->dx_strides, at);
    }
}

/* One tap of all windows of a row: those it is the largest of give it what is left of their
 * gradient. */
static void take_largest(const float *x, const float *y, float *rest, float *dx, int64_t n) {
    vf zero = vf_set(0);
    for (int64_t o = 0; o < n; o += 8) {
        vi hit = vf_load(x + o) == vf_load(y + o);
        vf left = vf_load(rest + o);
        vf_store(dx + o, vf_load(dx + o) + vf_select(hit, left, zero));
        vf_store(rest + o, vf_select(hit, zero, left));
    }
}

static void take_share(const float *rest, float *dx, int64_t n) {
    for (int64_t o = 0; o < n; o += 8) {
        vf_store(dx + o, vf_load(dx + o) + vf_load(rest + o));
    }
}

/* Taps of a window of row u that lie on the image, on one axis. */
static int64_t real_taps(const struct jane_axis *a, int64_t o) {
    int64_t left = o * a->stride - a->before;
    return most(0, least(left + a->kernel, a->size) - most(left, 0));
}

static void load_cotangents(const struct jane_pool *p, const struct ring *r, const void *y,
                            const void *dy, int64_t u) {
    int64_t n = p->w.windows;
    memset(r->rest + n, 0, (size_t)(padded(n) - n) * sizeof(float));
    const float *from = read_row(p, dy, p->dy_strides, u * p->dy_strides[2], n, r->line);
    memcpy(r->rest, from, (size_t)n * sizeof(float));
    if (y != NULL) {
        memset(r->y + n, 0, (size_t)(padded(n) - n) * sizeof(float));
        from = read_row(p, y, p->y_strides, u * p->y_strides[2], n, r->line);
        memcpy(r->y, from, (size_t)n * sizeof(float));
        return;
    }
    for (int64_t o = 0; o < n; o++) {
        int64_t real = real_taps(&p->h, u) * real_taps(&p->w, o);
        int64_t count = p->count_padding ? p->h.kernel * p->w.kernel : real;
        r->rest[o] *= (float)(1.0 / (double)count);
    }
}

/* Any windows; without y the mean's gradient, which wants no x. */
static void grad_plane(const struct jane_pool *p, const void *x, const void *y, const void *dy,
                       void *dx, float *scratch) {
    struct ring r = make_ring(p, scratch);
    for (int64_t u = 0; u < p->h.windows; u++) {
        int64_t top = u * p->h.stride;
        give_out(p, &r, x, dx, top);
        for (int64_t row = most(top, r.loaded); row < top + p->h.kernel; row++) {
            if (y != NULL) {
                load_image_row(p, &r, x, row);
            }
            memset(slot(p, &r, r.dx, row), 0, (size_t)r.row * sizeof(float));
        }
        r.loaded = top + p->h.kernel;
        load_cotangents(p, &r, y, dy, u);
        for (int64_t i = 0; i < p->h.kernel; i++) {
            for (int64_t j = 0; j < p->w.kernel; j++) {
                int64_t at = j % p->w.stride * r.phase + j / p->w.stride;
                float *to = slot(p, &r, r.dx, top + i) + at;
                if (y != NULL) {
                    take_largest(slot(p, &r, r.x, top + i) + at, r.y, r.rest, to, p->w.windows);
                } else {
                    take_share(r.rest, to, p->w.windows);
                }
            }
        }
    }
    give_out(p, &r, x, dx, p->h.before + p->h.size);
}

/* One row of 2x2 windows side by side: what the left and right elements get of what is left. */
VF_INLINE void take_pairs(vf even, vf odd, vf y, vf *rest, vf *left, vf *right, int relu) {
    vf zero = vf_set(0);
    vi hit = even == y;
    *left = zero + vf_select(hit, *rest, zero);
    *rest = vf_select(hit, zero, *rest);
    hit = odd == y;
    *right = zero + vf_select(hit, *rest, zero);
    *rest = vf_select(hit, zero, *rest);
    if (relu) {
        *left = vf_select(even > zero, *left, zero);
        *right = vf_select(odd > zero, *right, zero);
    }
}

/* Eight 2x2 windows: x and dx two rows of 16, y and dy 8. */
VF_INLINE void grad_eight(const float *const x[2], const float *y, const float *dy,
                          float *const dx[2], int64_t o, int relu) {
    vf largest = vf_load(y + o);
    vf rest = vf_load(dy + o);
    for (int i = 0; i < 2; i++) {
        vf a = vf_load(x[i] + 2 * o);
        vf b = vf_load(x[i] + 2 * o + 8);
        vf left, right;
        take_pairs(vf_even(a, b), vf_odd(a, b), largest, &rest, &left, &right, relu);
        vf_store(dx[i] + 2 * o, vf_zip_low(left, right));
        vf_store(dx[i] + 2 * o + 8, vf_zip_high(left, right));
    }
}

/* Four of them. */
VF_INLINE void grad_four(const float *const x[2], const float *y, const float *dy,
                         float *const dx[2], int64_t o, int relu) {
    vf largest = vf_load_four(y + o);
    vf rest = vf_load_four(dy + o);
    for (int i = 0; i < 2; i++) {
        vf a = vf_load(x[i] + 2 * o);
        vf left, right;
        take_pairs(vf_even(a, a), vf_odd(a, a), largest, &rest, &left, &right, relu);
        vf_store(dx[i] + 2 * o, vf_zip_low(left, right));
    }
}

/* Less than four. */
static void grad_few(const float *const x[2], const float *y, const float *dy, float *const dx[2],
                     int64_t n, int relu) {
    vf largest = vf_load_n(y, n);
    vf rest = vf_load_n(dy, n);
    for (int i = 0; i < 2; i++) {
        vf a = vf_load_n(x[i], 2 * n);
        vf left, right;
        take_pairs(vf_even(a, a), vf_odd(a, a), largest, &rest, &left, &right, relu);
        vf_store_n(dx[i], vf_zip_low(left, right), 2 * n);
    }
}

/* A row of windows; the last eight or four may overlap others, as windows do not. */
static void grad_row_2x2(const float *const x[2], const float *y, const float *dy,
                         float *const dx[2], int64_t n, int relu) {
    if (n < 4) {
        grad_few(x, y, dy, dx, n, relu);
    } else if (n < 8) {
        grad_four(x, y, dy, dx, 0, relu);
        grad_four(x, y, dy, dx, n - 4, relu);
    }
    for (int64_t done = 0; n >= 8 && done < n; done += 8) {
        grad_eight(x, y, dy, dx, least(done, n - 8), relu);
    }
}

static void grad_plane_2x2(const struct jane_pool *p, const float *x, const float *y,
                           const float *dy, float *dx) {
    for (int64_t u = 0; u < p->h.windows; u++) {
        const float *x0 = x + 2 * u * p->x_strides[2];
        float *dx0 = dx + 2 * u * p->dx_strides[2];
        const float *rows[] = {x0, x0 + p->x_strides[2]};
        float *const results[] = {dx0, dx0 + p->dx_strides[2]};
        grad_row_2x2(rows, y + u * p->y_strides[2], dy + u * p->dy_strides[2], results,
                     p->w.windows, (int)p->relu);
    }
}

void JANE_NAME(pool_max_grad)(const struct jane_pool *p, int64_t first, int64_t last, const void *x,
                              const void *y, const void *dy, void *dx, float *scratch) {
    int plain = is_plain(p, p->x_strides) && is_plain(p, p->y_strides) &&
                is_plain(p, p->dy_strides) && is_plain(p, p->dx_strides);
    int pairs = plain && is_pairs(&p->h) && is_pairs(&p->w) && p->h.windows * 2 == p->h.size &&
                p->w.windows * 2 == p->w.size;
    for (int64_t plane = first; plane < last; plane++) {
        const void *xs = plane_of(p, x, p->x_strides, plane);
        const void *ys = plane_of(p, y, p->y_strides, plane);
        const void *dys = plane_of(p, dy, p->dy_strides, plane);
        void *dxs = (void *)plane_of(p, dx, p->dx_strides, plane);
        if (pairs) {
            grad_plane_2x2(p, xs, ys, dys, dxs);
        } else {
            grad_plane(p, xs, ys, dys, dxs, scratch);
        }
    }
}

void JANE_NAME(pool_mean_grad)(const struct jane_pool *p, int64_t first, int64_t last,
                               const void *dy, void *dx, float *scratch) {
    for (int64_t plane = first; plane < last; plane++) {
        const void *dys = plane_of(p, dy, p->dy_strides, plane);
        grad_plane(p, NULL, NULL, dys, (void *)plane_of(p, dx, p->dx_strides, plane), scratch);
    }
}
