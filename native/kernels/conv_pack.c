/* Copies of weights and images, laid out for conv.c. */
#include "conv.h"

#include <string.h>

#include "shuffle.h"

static float element(const void *base, int64_t at, int64_t half) {
    float x;
    if (!half) {
        return ((const float *)base)[at];
    }
    JANE_NAME(half_to_float)((const uint16_t *)base + at, &x, 1);
    return x;
}

/* to[x * JANE_CONV_LANES + lane] = rows[lane * stride + x] for 8 lanes and x < n. */
static void turn_lanes(const float *rows, int64_t stride, int64_t n, float *to) {
    int64_t x = 0;
    for (; x + 8 <= n; x += 8) {
        vf r[8];
        for (int i = 0; i < 8; i++) {
            r[i] = vf_load(rows + i * stride + x);
        }
        vf_transpose(r);
        for (int i = 0; i < 8; i++) {
            vf_store(to + (x + i) * JANE_CONV_LANES, r[i]);
        }
    }
    for (; x < n; x++) {
        for (int i = 0; i < 8; i++) {
            to[x * JANE_CONV_LANES + i] = rows[i * stride + x];
        }
    }
}

void JANE_NAME(conv_pack_weights)(const struct jane_conv *p, const void *weights, int64_t g,
                                  int64_t o, const struct inner *k, float *to) {
    const int64_t *s = p->w_strides;
    int64_t lanes = least(JANE_CONV_LANES, p->outputs - o);
    int64_t run = s[4] == 1 ? k->j1 - k->j0 : 1;
    int vectors = !p->w_half && s[4] == 1;
    if (lanes < JANE_CONV_LANES) {
        memset(to, 0, (size_t)(depth(k) * JANE_CONV_LANES) * sizeof(float));
    }
    if (s[4] == 1 && s[3] == k->j1 - k->j0) {
        run *= k->i1 - k->i0; /* whole rows of the kernel follow one another */
    }
    int64_t rows = (k->i1 - k->i0) * (k->j1 - k->j0) / run;
    int64_t across = s[4] == 1 ? 1 : k->j1 - k->j0;
    for (int64_t c = k->c0; c < k->c1; c++) {
        for (int64_t r = 0; r < rows; r++) {
            int64_t i = k->i0 + r / across;
            int64_t j = k->j0 + r % across;
            int64_t at = g * s[0] + o * s[1] + c * s[2] + i * s[3] + j * s[4];
            int64_t lane = 0;
            for (; vectors && lane + 8 <= lanes; lane += 8) {
                turn_lanes((const float *)weights + at + lane * s[1], s[1], run, to + lane);
            }
            for (; lane < lanes; lane++) {
                for (int64_t x = 0; x < run; x++) {
                    to[x * JANE_CONV_LANES + lane] =
                        element(weights, at + lane * s[1] + x, p->w_half);
                }
            }
            to += run * JANE_CONV_LANES;
        }
    }
}

/* Element x of a padded row goes to phase x mod stride, so that windows side by side read side by
 * side. */
static void put(const struct jane_conv *p, float *to, int64_t x, float value) {
    int64_t s = p->w.stride;
    to[s == 1 ? x : x % s * p->phase + x / s] = value;
}

/* Padded row: positions x0 .. x0 + span - 1 of the axis, of the image row at from, or zeros. */
static void pack_row(const struct jane_conv *p, const void *x, int64_t from, int inside, int64_t x0,
                     int64_t span, float *to) {
    const struct jane_axis *w = &p->w;
    int64_t step = p->x_strides[3];
    int plain = w->stride == 1 && w->spread == 1 && step == 1 && !p->x_half;
    int64_t first = inside ? ceil_div(x0 > 0 ? x0 : 0, w->spread) : 0;
    int64_t last = inside ? least(w->size, x0 + span <= 0 ? 0 : ceil_div(x0 + span, w->spread)) : 0;
    if (plain && first < last) {
        memset(to, 0, (size_t)(first - x0) * sizeof(float));
        memcpy(to + first - x0, (const float *)x + from + first,
               (size_t)(last - first) * sizeof(float));
        memset(to + last - x0, 0, (size_t)(x0 + span - last) * sizeof(float));
        return;
    }
    memset(to, 0, (size_t)p->patch_row * sizeof(float));
    for (int64_t i = first; i < last; i++) {
        put(p, to, i * w->spread - x0, element(x, from + i * step, p->x_half));
    }
}

void JANE_NAME(conv_pack_images)(const struct jane_conv *p, const void *x, const struct part *t,
                                 const struct inner *k, float *to) {
    const struct jane_axis *h = &p->h;
    const struct jane_axis *w = &p->w;
    int64_t top = t->u0 * h->stride + k->i0 * h->dilation - h->before;
    int64_t left = t->v0 * w->stride + k->j0 * w->dilation - w->before;
    int64_t rows = (t->u1 - 1 - t->u0) * h->stride + (k->i1 - 1 - k->i0) * h->dilation + 1;
    int64_t span = (t->v1 - 1 - t->v0) * w->stride + (k->j1 - 1 - k->j0) * w->dilation + 1;
    for (int64_t b = t->b0; b < t->b1; b++) {
        for (int64_t c = k->c0; c < k->c1; c++) {
            float *plane = to + (b - t->b0) * p->patch_image + (c - k->c0) * p->patch_plane;
            int64_t from = b * p->x_strides[0] + (t->g * p->channels + c) * p->x_strides[1];
            for (int64_t r = 0; r < rows; r++) {
                int64_t row = top + r;
                int inside = row >= 0 && row % h->spread == 0 && row / h->spread < h->size;
                int64_t at = inside ? from + row / h->spread * p->x_strides[2] : 0;
                pack_row(p, x, at, inside, left, span, plane + r * p->patch_row);
            }
        }
    }
}
