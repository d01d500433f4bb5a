/* Stretches of strided views as rows of floats, and back. */
#include "elementwise.h"

#include <string.h>

/* Halves that lie apart and are converted at once. */
#define TOGETHER 128

static void fill(float *dst, float value, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        dst[i] = value;
    }
}

/* A row at a time: step elements of memory from one to the next. */
static void row_load(const struct jane_view *v, const void *base, int64_t from, int64_t n,
                     float *dst) {
    int64_t step = v->step;
    if (v->dtype == JANE_FP32) {
        const float *src = (const float *)base + from;
        if (step == 1) {
            memcpy(dst, src, (size_t)n * sizeof *dst);
        } else if (step == 0) {
            fill(dst, *src, n);
        } else {
            for (int64_t i = 0; i < n; i++) {
                dst[i] = src[i * step];
            }
        }
    } else if (v->dtype == JANE_FP16) {
        const uint16_t *src = (const uint16_t *)base + from;
        if (step == 1) {
            JANE_NAME(half_to_float)(src, dst, n);
            return;
        }
        if (step == 0) {
            JANE_NAME(half_to_float)(src, dst, 1);
            fill(dst, *dst, n);
            return;
        }
        uint16_t together[TOGETHER];
        for (int64_t i = 0; i < n; i += TOGETHER) {
            int64_t count = n - i < TOGETHER ? n - i : TOGETHER;
            for (int64_t k = 0; k < count; k++) {
                together[k] = src[(i + k) * step];
            }
            JANE_NAME(half_to_float)(together, dst + i, count);
        }
    } else {
        const uint8_t *src = (const uint8_t *)base + from;
        for (int64_t i = 0; i < n; i++) {
            dst[i] = src[i * step] == 0 ? 0.0f : 1.0f;
        }
    }
}

static void row_store(const struct jane_view *v, void *base, int64_t to, int64_t n,
                      const float *src) {
    int64_t step = v->step;
    if (v->dtype == JANE_FP32) {
        float *dst = (float *)base + to;
        if (step == 1) {
            memcpy(dst, src, (size_t)n * sizeof *dst);
            return;
        }
        for (int64_t i = 0; i < n; i++) {
            dst[i * step] = src[i];
        }
    } else if (v->dtype == JANE_FP16) {
        uint16_t *dst = (uint16_t *)base + to;
        if (step == 1) {
            JANE_NAME(float_to_half)(src, dst, n);
            return;
        }
        uint16_t together[TOGETHER];
        for (int64_t i = 0; i < n; i += TOGETHER) {
            int64_t count = n - i < TOGETHER ? n - i : TOGETHER;
            JANE_NAME(float_to_half)(src + i, together, count);
            for (int64_t k = 0; k < count; k++) {
                dst[(i + k) * step] = together[k];
            }
        }
    } else {
        uint8_t *dst = (uint8_t *)base + to;
        for (int64_t i = 0; i < n; i++) {
            dst[i * step] = src[i] == 0.0f ? 0 : 1;
        }
    }
}

static void rows_load(const struct jane_view *v, const void *base, int64_t flat, int64_t n,
                      float *dst) {
    struct jane_walk w = jane_walk_from(v, flat);
    while (n > 0) {
        int64_t run = v->inner - w.column < n ? v->inner - w.column : n;
        row_load(v, base, w.at + w.column * v->step, run, dst);
        dst += run;
        n -= run;
        jane_walk_next_row(&w);
    }
}

void JANE_NAME(tile_load)(const struct jane_view *v, const void *base, int64_t flat,
                               int64_t n, float *dst) {
    if (v->repeats && n > v->inner) {
        rows_load(v, base, flat, v->inner, dst);
        for (int64_t done = v->inner; done < n; done *= 2) {
            memcpy(dst + done, dst, (size_t)(done < n - done ? done : n - done) * sizeof *dst);
        }
        return;
    }
    rows_load(v, base, flat, n, dst);
}

void JANE_NAME(tile_store)(const struct jane_view *v, void *base, int64_t flat, int64_t n,
                                const float *src) {
    struct jane_walk w = jane_walk_from(v, flat);
    while (n > 0) {
        int64_t run = v->inner - w.column < n ? v->inner - w.column : n;
        row_store(v, base, w.at + w.column * v->step, run, src);
        src += run;
        n -= run;
        jane_walk_next_row(&w);
    }
}
