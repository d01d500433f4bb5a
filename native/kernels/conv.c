/* 2-D convolution, its transpose and its weight gradient: see struct jane_conv.
 *
 * All three are one product. A lane is an output channel: the weights are packed with 16 of them
 * side by side. The images are copied with their padding, patch by patch; a window is then a place
 * in the patch and a tap an offset from it, so that strides and dilations cost nothing. The inner
 * loop has 6 windows by 16 lanes in registers. Windows are never copied. */
#include "conv.h"

#include "simd.h"

enum { TILE = 6 }; /* windows in registers: with 16 lanes 12 sums, 2 weights and a value */

static struct part part_of(const struct jane_conv *p, int64_t tile) {
    struct part t;
    int64_t v = tile % p->v_tiles;
    tile /= p->v_tiles;
    int64_t u = tile % p->u_tiles;
    tile /= p->u_tiles;
    int64_t b = tile % p->b_tiles;
    tile /= p->b_tiles;
    int64_t o = tile % p->o_tiles;
    t.g = tile / p->o_tiles;
    t.o0 = o * p->o_step;
    t.o1 = least(p->outputs, t.o0 + p->o_step);
    t.b0 = b * p->b_step;
    t.b1 = least(p->images, t.b0 + p->b_step);
    t.u0 = u * p->u_step;
    t.u1 = least(p->h.windows, t.u0 + p->u_step);
    t.v0 = v * p->v_step;
    t.v1 = least(p->w.windows, t.v0 + p->v_step);
    return t;
}

/* Where tap k of a window lies from the window's first element. */
static void find_taps(const struct jane_conv *p, const struct inner *k, int32_t *taps) {
    for (int64_t c = 0; c < k->c1 - k->c0; c++) {
        for (int64_t i = 0; i < k->i1 - k->i0; i++) {
            int64_t row = c * p->patch_plane + i * p->h.dilation * p->patch_row;
            for (int64_t j = 0; j < k->j1 - k->j0; j++) {
                int64_t x = j * p->w.dilation;
                *taps++ = (int32_t)(row + x % p->w.stride * p->phase + x / p->w.stride);
            }
        }
    }
}

/* Where each window of the part begins. */
static void find_windows(const struct jane_conv *p, const struct part *t, int32_t *windows) {
    for (int64_t b = 0; b < t->b1 - t->b0; b++) {
        for (int64_t u = 0; u < t->u1 - t->u0; u++) {
            int64_t row = b * p->patch_image + u * p->h.stride * p->patch_row;
            for (int64_t v = 0; v < t->v1 - t->v0; v++) {
                *windows++ = (int32_t)(row + v);
            }
        }
    }
}

/* c[i][0..8V) = or += sum over k of x[window i][tap k] * w[k][0..8V). N and V are constants where
 * it is inlined. */
VF_INLINE void windows_by_lanes(const int N, const int V, const float *x, const int32_t *windows,
                                const int32_t *taps, int64_t depth, const float *w, float *c,
                                int add) {
    vf sum[TILE][2];
    const float *at[TILE];
#pragma GCC unroll 6
    for (int i = 0; i < N; i++) {
        at[i] = x + windows[i];
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) {
            sum[i][v] = add ? vf_load(c + i * JANE_CONV_LANES + 8 * v) : vf_set(0);
        }
    }
    for (int64_t k = 0; k < depth; k++) {
        int64_t tap = taps[k];
        vf w0 = vf_load(w + k * JANE_CONV_LANES);
        vf w1 = V > 1 ? vf_load(w + k * JANE_CONV_LANES + 8) : w0;
#pragma GCC unroll 6
        for (int i = 0; i < N; i++) {
            vf value = vf_set(at[i][tap]);
            sum[i][0] = vf_fma(value, w0, sum[i][0]);
            if (V > 1) {
                sum[i][1] = vf_fma(value, w1, sum[i][1]);
            }
        }
    }
#pragma GCC unroll 6
    for (int i = 0; i < N; i++) {
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) {
            vf_store(c + i * JANE_CONV_LANES + 8 * v, sum[i][v]);
        }
    }
}

#define TILES(V)                                                                                   \
    static void tile_##V(int n, const float *x, const int32_t *windows, const int32_t *taps,       \
                         int64_t depth, const float *w, float *c, int add) {                       \
        switch (n) {                                                                               \
        case 1:                                                                                    \
            windows_by_lanes(1, V, x, windows, taps, depth, w, c, add);                            \
            break;                                                                                 \
        case 2:                                                                                    \
            windows_by_lanes(2, V, x, windows, taps, depth, w, c, add);                            \
            break;                                                                                 \
        case 3:                                                                                    \
            windows_by_lanes(3, V, x, windows, taps, depth, w, c, add);                            \
            break;                                                                                 \
        case 4:                                                                                    \
            windows_by_lanes(4, V, x, windows, taps, depth, w, c, add);                            \
            break;                                                                                 \
        case 5:                                                                                    \
            windows_by_lanes(5, V, x, windows, taps, depth, w, c, add);                            \
            break;                                                                                 \
        default:                                                                                   \
            windows_by_lanes(6, V, x, windows, taps, depth, w, c, add);                            \
            break;                                                                                 \
        }                                                                                          \
    }
TILES(1)
TILES(2)

/* All windows of a part against one block of outputs, in tiles as even as can be. */
static void multiply(const float *x, const int32_t *windows, int64_t n, const int32_t *taps,
                     int64_t depth, const float *w, int narrow, float *c, int add) {
    int64_t tiles = ceil_div(n, TILE);
    for (int64_t t = 0; t < tiles; t++) {
        int64_t from = n * t / tiles;
        int count = (int)(n * (t + 1) / tiles - from);
        (narrow ? tile_1 : tile_2)(count, x, windows + from, taps, depth, w,
                                   c + from * JANE_CONV_LANES, add);
    }
}

/* c[i] = or += sum over k of x[i + tap k] * w[k], for V vectors of neighbouring windows. */
VF_INLINE void row_by_taps(const int V, const float *x, const int32_t *taps, int64_t depth,
                           const float *w, float *c, int add) {
    vf sum[4];
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) {
        sum[v] = add ? vf_load(c + 8 * v) : vf_set(0);
    }
    for (int64_t k = 0; k < depth; k++) {
        vf weight = vf_set(w[k * JANE_CONV_LANES]);
        const float *at = x + taps[k];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) {
            sum[v] = vf_fma(weight, vf_load(at + 8 * v), sum[v]);
        }
    }
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) {
        vf_store(c + 8 * v, sum[v]);
    }
}

/* All windows of a part against one output: its sums, row by row in whole vectors. */
static void multiply_rows(const struct part *t, const float *x, const int32_t *windows,
                          const int32_t *taps, int64_t depth, const float *w, float *c, int add) {
    int64_t wide = t->v1 - t->v0;
    for (int64_t row = 0; row < columns(t); row += wide, c += whole_vectors(wide)) {
        const float *at = x + windows[row];
        int64_t i = 0;
        for (; i + 24 < wide; i += 32) {
            row_by_taps(4, at + i, taps, depth, w, c + i, add);
        }
        if (i + 8 < wide) {
            row_by_taps(2, at + i, taps, depth, w, c + i, add);
            i += 16;
        }
        if (i < wide) {
            row_by_taps(1, at + i, taps, depth, w, c + i, add);
        }
    }
}

void JANE_NAME(conv_pack)(const struct jane_conv *p, int64_t task, const void *weights,
                          float *packed) {
    int64_t blocks = ceil_div(p->outputs, JANE_CONV_LANES);
    int64_t size = p->channels * p->h.kernel * p->w.kernel * JANE_CONV_LANES;
    float *to = packed + task * size;
    for (int64_t c = 0; c < p->channels; c += p->c_step) {
        struct inner k = {c, least(p->channels, c + p->c_step), 0, p->h.kernel, 0, p->w.kernel};
        JANE_NAME(conv_pack_weights)
        (p, weights, task / blocks, task % blocks * JANE_CONV_LANES, &k, to);
        to += depth(&k) * JANE_CONV_LANES;
    }
}

/* The sums of a part over one stretch of the inner dimension. */
static void stretch(const struct jane_conv *p, const struct part *t, const struct inner *k,
                    const void *x, const void *weights, const float *packed, float *sums,
                    char *scratch, int add) {
    int32_t *windows = (int32_t *)(scratch + p->windows_at);
    int32_t *taps = (int32_t *)(scratch + p->taps_at);
    float *patch = (float *)(scratch + p->patch_at);
    float *panel = (float *)(scratch + p->panel_at);
    int64_t n = columns(t);
    int64_t deep = depth(k);
    int64_t full = p->channels * p->h.kernel * p->w.kernel;
    int64_t blocks = ceil_div(p->outputs, JANE_CONV_LANES);
    find_taps(p, k, taps);
    JANE_NAME(conv_pack_images)(p, x, t, k, patch);
    for (int64_t o = t->o0; o < t->o1; o += JANE_CONV_LANES) {
        const float *w = panel;
        if (p->streams) {
            JANE_NAME(conv_pack_weights)(p, weights, t->g, o, k, panel);
        } else {
            w = packed +
                ((t->g * blocks + o / JANE_CONV_LANES) * full + k->c0 * p->h.kernel * p->w.kernel) *
                    JANE_CONV_LANES;
        }
        for (int64_t i = o; p->by_rows && i < t->o1; i++) {
            float *c = sums + (i - o) * floats_of(p, t) / (t->o1 - t->o0);
            multiply_rows(t, patch, windows, taps, deep, w + i - o, c, add);
        }
        if (p->by_rows) {
            continue; /* there is one block */
        }
        multiply(patch, windows, n, taps, deep, w, t->o1 - o <= JANE_CONV_LANES / 2, sums, add);
        sums += n * JANE_CONV_LANES;
    }
}

void JANE_NAME(conv_run)(const struct jane_conv *p, int64_t task, const void *x,
                         const void *weights, const float *packed, const float *bias,
                         float *partials, void *y, void *scratch) {
    int64_t chunk = task % p->chunks;
    int64_t tile = task / p->chunks;
    struct part t = part_of(p, tile);
    float *sums = p->chunks > 1 ? partials + (chunk * p->tiles + tile) * p->tile_floats
                                : (float *)((char *)scratch + p->sums_at);
    int64_t end = least(p->channels, (chunk + 1) * p->chunk_channels);
    int add = 0;
    find_windows(p, &t, (int32_t *)((char *)scratch + p->windows_at));
    for (int64_t c = chunk * p->chunk_channels; c < end; c += p->c_step) {
        for (int64_t i = 0; i < p->h.kernel; i += p->i_step) {
            for (int64_t j = 0; j < p->w.kernel; j += p->j_step) {
                struct inner k = {c, least(end, c + p->c_step),
                                  i, least(p->h.kernel, i + p->i_step),
                                  j, least(p->w.kernel, j + p->j_step)};
                stretch(p, &t, &k, x, weights, packed, sums, scratch, add);
                add = 1;
            }
        }
    }
    if (p->chunks == 1) {
        JANE_NAME(conv_store)(p, &t, sums, bias, y);
    }
}

void JANE_NAME(conv_combine)(const struct jane_conv *p, int64_t tile, const float *bias,
                             float *partials, void *y) {
    struct part t = part_of(p, tile);
    float *sums = partials + tile * p->tile_floats;
    int64_t n = floats_of(p, &t);
    for (int64_t chunk = 1; chunk < p->chunks; chunk++) {
        const float *more = partials + (chunk * p->tiles + tile) * p->tile_floats;
        for (int64_t i = 0; i < n; i += 8) {
            vf_store(sums + i, vf_load(sums + i) + vf_load(more + i));
        }
    }
    JANE_NAME(conv_store)(p, &t, sums, bias, y);
}
