/* What the steps of an elementwise program do: a loop for each lane and for each pair of them. */
#ifndef JANE_LANES_H
#define JANE_LANES_H

#include "curves.h"
#include "dispatch.h"

#include <stddef.h>

/* d may be one of the operands; n is a multiple of VF_WIDTH. */
typedef void lane(float *d, const float *a, const float *b, const float *c, float p, float q,
                  int64_t n);

/* One vector of a lane; d is stored after all operands are loaded. */
#define VECTOR(at, expression)   \
    {                            \
        vf x = vf_load(a + at);  \
        vf y = vf_load(b + at);  \
        vf z = vf_load(c + at);  \
        (void)y, (void)z;        \
        vf_store(d + at, expression); \
    }

/* Four vectors at a time: on so little work a loop of its own costs as much again. */
#define LANE(name, expression)                                                                  \
    static void name(float *d, const float *a, const float *b, const float *c, float p, float q, \
                     int64_t n) {                                                               \
        const vf p8 = vf_set(p);                                                               \
        const vf q8 = vf_set(q);                                                               \
        const vf one = vf_set(1.0f);                                                           \
        (void)p8, (void)q8, (void)one;                                                          \
        int64_t i = 0;                                                                          \
        for (; i + 4 * VF_WIDTH <= n; i += 4 * VF_WIDTH) {                                      \
            VECTOR(i, expression)                                                               \
            VECTOR(i + VF_WIDTH, expression)                                                    \
            VECTOR(i + 2 * VF_WIDTH, expression)                                                \
            VECTOR(i + 3 * VF_WIDTH, expression)                                                \
        }                                                                                       \
        for (; i < n; i += VF_WIDTH) {                                                                 \
            VECTOR(i, expression)                                                               \
        }                                                                                       \
    }

static inline vf truth(vi mask) {
    return (vf)(mask & (vi)vf_set(1.0f));
}

static inline vf sign_of(vf x) {
    vf unit = (vf)(((vi)x & (vi)vf_set(-0.0f)) | (vi)vf_set(1.0f));
    return vf_select((x != x) | (x == vf_set(0.0f)), x, unit);
}

LANE(add, x + y)
LANE(sub, x - y)
LANE(mul, x *y)
LANE(scale, x *p8)
LANE(shift, x + p8)
LANE(divide, x / y)
LANE(max, curve_max(x, y))
LANE(min, curve_min(x, y))
LANE(clamp, curve_min(curve_max(x, p8), q8))
LANE(absolute, (vf)((vi)x & ~(vi)vf_set(-0.0f)))
LANE(sign, sign_of(x))
LANE(square, x *x)
LANE(root, vf_sqrt(x))
LANE(inverse_root, one / vf_sqrt(x + p8))
LANE(logarithm, curve_log(x + p8))
LANE(exponential, curve_exp(x))
LANE(sigmoid, curve_sigmoid(x))
LANE(hyperbolic, curve_tanh(x))
LANE(error_function, curve_erf(x))
LANE(silu, curve_scaled_sigmoid(x, 1.0f))
LANE(gelu_exact, curve_gelu_exact(x))
LANE(gelu_tanh, curve_gelu_tanh(x))
LANE(gelu_sigmoid, curve_scaled_sigmoid(x, 1.702f))
LANE(equal, truth(x == y))
LANE(not_equal, truth(x != y))
LANE(less, truth(x < y))
LANE(less_equal, truth(x <= y))
LANE(to_truth, truth(x != vf_set(0.0f)))
LANE(not, one - x)
LANE(choose, vf_select(x != vf_set(0.0f), y, z))
LANE(move, x)

static void power(float *d, const float *a, const float *b, const float *c, float p, float q,
                  int64_t n) {
    (void)c, (void)p, (void)q;
    for (int64_t i = 0; i < n; i++) {
        d[i] = curve_pow(a[i], b[i]);
    }
}

static void round_half(float *d, const float *a, const float *b, const float *c, float p, float q,
                       int64_t n) {
    (void)b, (void)c, (void)p, (void)q;
#if defined(JANE_LEVEL_avx2)
    for (int64_t i = 0; i < n; i += 8) {
        __m128i h = _mm256_cvtps_ph(_mm256_loadu_ps(a + i), _MM_FROUND_TO_NEAREST_INT);
        _mm256_storeu_ps(d + i, _mm256_cvtph_ps(h));
    }
#else
    uint16_t halves[JANE_TILE];
    for (int64_t i = 0; i < n; i += JANE_TILE) {
        int64_t count = n - i < JANE_TILE ? n - i : JANE_TILE;
        JANE_NAME(float_to_half)(a + i, halves, count);
        JANE_NAME(half_to_float)(halves, d + i, count);
    }
#endif
}

/* A lane and another on its result t: heads read x, y and p8, tails t, z and q8. */
#define PAIRS(head, t)                                                                             \
    LANE(head##_add, (t) + z)                                                                      \
    LANE(head##_sub, (t)-z)                                                                        \
    LANE(head##_sub_from, z - (t))                                                                 \
    LANE(head##_mul, (t)*z)                                                                        \
    LANE(head##_div, (t) / z)                                                                      \
    LANE(head##_div_into, z / (t))                                                                 \
    LANE(head##_scale, (t)*q8)                                                                     \
    LANE(head##_shift, (t) + q8)                                                                   \
    LANE(head##_root, vf_sqrt(t))                                                                  \
    LANE(head##_add_scaled, (t) + z * q8)

PAIRS(add, x + y)
PAIRS(sub, x - y)
PAIRS(mul, x *y)
PAIRS(divide, x / y)
PAIRS(scale, x *p8)
PAIRS(shift, x + p8)
PAIRS(square, x *x)
PAIRS(root, vf_sqrt(x))

/* By enum jane_tail. */
#define PAIR_ROWS(head)                                                                            \
    head##_add, head##_sub, head##_sub_from, head##_mul, head##_div, head##_div_into,              \
        head##_scale, head##_shift, head##_root, head##_add_scaled

/* By enum jane_lane, then pairs by enum jane_head. */
static lane *const LANES[] = {
    add,          sub,        mul,        scale,          shift,    divide,       max,
    min,          clamp,      power,      absolute,       sign,     square,       root,
    inverse_root, logarithm,  exponential, sigmoid,       hyperbolic, error_function, silu,
    gelu_exact,   gelu_tanh,  gelu_sigmoid, equal,        not_equal, less,        less_equal,
    to_truth,     not,        choose,     move,           round_half,
    NULL,         NULL,       NULL,       NULL,           NULL, /* of lines: see fused.c */
    PAIR_ROWS(add),
    PAIR_ROWS(sub),
    PAIR_ROWS(mul),
    PAIR_ROWS(divide),
    PAIR_ROWS(scale),
    PAIR_ROWS(shift),
    PAIR_ROWS(square),
    PAIR_ROWS(root),
};

_Static_assert(sizeof LANES / sizeof LANES[0] == JANE_PAIRS_END, "a row for each code");

#endif
