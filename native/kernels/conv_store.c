/* Sums of conv.c, on their way to y. */
#include "conv.h"

#include <string.h>

#include "shuffle.h"

static vf finish(vf sum, float bias, const struct jane_conv *p) {
    vf y = p->bias ? sum + vf_set(bias) : sum;
    return p->relu ? vf_select((y > vf_set(0)) | (y != y), y, vf_set(0)) : y;
}

/* One element of the results, its epilogue done. */
static void put_result(const struct jane_conv *p, void *y, int64_t at, float sum, float bias) {
    vf v = finish(vf_set(sum), bias, p);
    float value = v[0];
    if (p->y_half) {
        JANE_NAME(float_to_half)(&value, (uint16_t *)y + at, 1);
    } else {
        ((float *)y)[at] = value;
    }
}

/* Sums of n windows, c[i][lane], to y[at + lane * stride + i * step]. */
static void store_run(const struct jane_conv *p, const float *c, int64_t n, int64_t lanes,
                      const float *bias, void *y, int64_t at) {
    int64_t stride = p->y_strides[1];
    int64_t step = p->y_strides[3];
    int64_t lane = 0;
    for (; !p->y_half && step == 1 && lane + 8 <= lanes; lane += 8) {
        float *to = (float *)y + at + lane * stride;
        int64_t i = 0;
        for (; i + 8 <= n; i += 8) {
            vf r[8];
            for (int q = 0; q < 8; q++) {
                r[q] = vf_load(c + (i + q) * JANE_CONV_LANES + lane);
            }
            vf_transpose(r);
            for (int q = 0; q < 8; q++) {
                vf_store(to + q * stride + i, finish(r[q], bias[lane + q], p));
            }
        }
        for (; i < n; i++) {
            for (int q = 0; q < 8; q++) {
                put_result(p, y, at + (lane + q) * stride + i, c[i * JANE_CONV_LANES + lane + q],
                           bias[lane + q]);
            }
        }
    }
    for (; lane < lanes; lane++) {
        for (int64_t i = 0; i < n; i++) {
            put_result(p, y, at + lane * stride + i * step, c[i * JANE_CONV_LANES + lane],
                       bias[lane]);
        }
    }
}

static void store_lanes(const struct jane_conv *p, const struct part *t, const float *sums,
                        const float *bias, void *y) {
    static const float none[JANE_CONV_LANES];
    int64_t wide = t->v1 - t->v0;
    int64_t high = t->u1 - t->u0;
    int whole = p->y_strides[2] == wide * p->y_strides[3];
    int64_t run = whole ? high * wide : wide;
    for (int64_t o = t->o0; o < t->o1; o += JANE_CONV_LANES) {
        int64_t lanes = least(JANE_CONV_LANES, t->o1 - o);
        int64_t channel = t->g * p->outputs + o;
        float lane_bias[JANE_CONV_LANES];
        memcpy(lane_bias, none, sizeof(none));
        if (p->bias) {
            memcpy(lane_bias, bias + channel, (size_t)lanes * sizeof(float));
        }
        for (int64_t b = t->b0; b < t->b1; b++) {
            for (int64_t u = t->u0; u < t->u1; u += whole ? high : 1) {
                int64_t at = b * p->y_strides[0] + channel * p->y_strides[1] + u * p->y_strides[2] +
                             t->v0 * p->y_strides[3];
                store_run(p, sums, run, lanes, lane_bias, y, at);
                sums += run * JANE_CONV_LANES;
            }
        }
    }
}

/* As store_lanes, of sums that lie row by row. */
static void store_rows(const struct jane_conv *p, const struct part *t, const float *sums,
                       const float *bias, void *y) {
    int64_t wide = t->v1 - t->v0;
    int64_t step = p->y_strides[3];
    for (int64_t o = t->o0; o < t->o1; o++) {
        int64_t channel = t->g * p->outputs + o;
        float added = p->bias ? bias[channel] : 0;
        for (int64_t row = 0; row < columns(t) / wide; row++, sums += whole_vectors(wide)) {
            int64_t b = t->b0 + row / (t->u1 - t->u0);
            int64_t u = t->u0 + row % (t->u1 - t->u0);
            int64_t at = b * p->y_strides[0] + channel * p->y_strides[1] + u * p->y_strides[2] +
                         t->v0 * step;
            int64_t i = 0;
            for (; !p->y_half && step == 1 && i + 8 <= wide; i += 8) {
                vf_store((float *)y + at + i, finish(vf_load(sums + i), added, p));
            }
            for (; i < wide; i++) {
                put_result(p, y, at + i * step, sums[i], added);
            }
        }
    }
}

void JANE_NAME(conv_store)(const struct jane_conv *p, const struct part *t, const float *sums,
                           const float *bias, void *y) {
    (p->by_rows ? store_rows : store_lanes)(p, t, sums, bias, y);
}
