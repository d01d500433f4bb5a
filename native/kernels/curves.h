/*
 * Transcendental functions of a vector of floats, by the formulas of jane.engine.cpu.Curves: the same
 * operations in the same order and never contracted, so that both give the same bits on every
 * level. NaN stays NaN, infinities have their limits.
 */
#ifndef JANE_CURVES_H
#define JANE_CURVES_H

#include "simd.h"

#include <math.h>
#include <string.h>

typedef uint32_t vu __attribute__((vector_size(4 * VF_WIDTH))); /* wraps, where vi must not */

/* The larger as Java's Math.max has it: NaN if either is, and 0 above -0. */
static inline vf curve_max(vf a, vf b) {
    vf r = vf_select(a > b, a, b);
    r = vf_select(a == b, (vf)((vi)a & (vi)b), r);
    return vf_select(a != a, a, r);
}

/* The smaller as Java's Math.min has it. */
static inline vf curve_min(vf a, vf b) {
    vf r = vf_select(a < b, a, b);
    r = vf_select(a == b, (vf)((vi)a | (vi)b), r);
    return vf_select(a != a, a, r);
}

/* min(max(a, low), high) for bounds that are neither NaN nor 0. */
static inline vf curve_clamp(vf a, float low, float high) {
    vf l = vf_set(low);
    vf h = vf_set(high);
    a = vf_select(a < l, l, a);
    return vf_select(a > h, h, a);
}

static inline vf curve_exp(vf a) {
    const vf magic = vf_set(0x1.8p23f); /* adding it leaves the nearest integer in the last bits */
    vi nothing = a < vf_set(-104.0f); /* rounds to 0, which the product below finds out slowly */
    vf x = curve_clamp(vf_select(nothing, vf_set(0.0f), a), -105.0f, 89.0f);
    vf n = x * vf_set(1.44269504f) + magic;
    vf r = x - (n - magic) * vf_set(0.693359375f) - (n - magic) * vf_set(-2.12194440e-4f);
    vf p = vf_set(1.9875691500e-4f);
    p = p * r + vf_set(1.3981999507e-3f);
    p = p * r + vf_set(8.3334519073e-3f);
    p = p * r + vf_set(4.1665795894e-2f);
    p = p * r + vf_set(1.6666665459e-1f);
    p = p * r + vf_set(5.0000001201e-1f);
    p = p * r * r + r + vf_set(1.0f);
    vu power = (vu)n - (vu)magic;
    vu half = (vu)((vi)power >> 1); /* in two factors, to reach subnormals and infinity */
    vu bias = (vu)vi_set(127);
    vf e = p * (vf)((half + bias) << 23) * (vf)((power - half + bias) << 23);
    return vf_select(nothing, vf_set(0.0f), e);
}

static inline vf curve_sigmoid(vf a) {
    return vf_set(1.0f) / (vf_set(1.0f) + curve_exp(-a));
}

/* a / (1 + e^(-slope a)). */
static inline vf curve_scaled_sigmoid(vf a, float slope) {
    return a / (vf_set(1.0f) + curve_exp(vf_set(-slope) * a));
}

static inline vf curve_tanh(vf a) {
    vf x = curve_clamp(a, -7.90531110763549805f, 7.90531110763549805f);
    vf x2 = x * x;
    vf p = vf_set(-2.76076847742355e-16f);
    p = p * x2 + vf_set(2.00018790482477e-13f);
    p = p * x2 - vf_set(8.60467152213735e-11f);
    p = p * x2 + vf_set(5.12229709037114e-08f);
    p = p * x2 + vf_set(1.48572235717979e-05f);
    p = p * x2 + vf_set(6.37261928875436e-04f);
    p = p * x2 + vf_set(4.89352455891786e-03f);
    vf q = vf_set(1.19825839466702e-06f);
    q = q * x2 + vf_set(1.18534705686654e-04f);
    q = q * x2 + vf_set(2.26843463243900e-03f);
    q = q * x2 + vf_set(4.89352518554385e-03f);
    return x * p / q;
}

static inline vf curve_erf(vf a) {
    vf x = curve_clamp(a, -4.0f, 4.0f);
    vf x2 = x * x;
    vf p = vf_set(-2.72614225801306e-10f);
    p = p * x2 + vf_set(2.77068142495902e-08f);
    p = p * x2 - vf_set(2.10102402082508e-06f);
    p = p * x2 - vf_set(5.69250639462346e-05f);
    p = p * x2 - vf_set(7.34990630326855e-04f);
    p = p * x2 - vf_set(2.95459980854025e-03f);
    p = p * x2 - vf_set(1.60960333262415e-02f);
    vf q = vf_set(-1.45660718464996e-05f);
    q = q * x2 - vf_set(2.13374055278905e-04f);
    q = q * x2 - vf_set(1.68282697438203e-03f);
    q = q * x2 - vf_set(7.37332916720468e-03f);
    q = q * x2 - vf_set(1.42647390514189e-02f);
    return x * p / q;
}

static inline vf curve_gelu_exact(vf a) {
    vf e = curve_erf(a * vf_set(0.70710678f));
    return vf_set(0.5f) * a * (vf_set(1.0f) + e);
}

static inline vf curve_gelu_tanh(vf a) {
    vf t = curve_tanh(vf_set(0.79788456f) * (a + vf_set(0.044715f) * a * a * a));
    return vf_set(0.5f) * a * (vf_set(1.0f) + t);
}

/* ln a. Source: Cephes' logf. */
static inline vf curve_log(vf a) {
    vi tiny = a < vf_set(0x1p-126f);
    vf x = vf_select(tiny, a * vf_set(0x1p24f), a); /* subnormals in the normal range */
    vu root = (vu)vi_set(0x3f3504f3); /* sqrt(1/2): mantissas are taken from there to sqrt(2) */
    vu bits = (vu)x - root;
    vi e = ((vi)bits >> 23) - (tiny & vi_set(24));
    vf r = (vf)((bits & (vu)vi_set(0x7fffff)) + root) - vf_set(1.0f);
    vf n = vf_of_int(e);
    vf z = r * r;
    vf p = vf_set(7.0376836292e-2f);
    p = p * r - vf_set(1.1514610310e-1f);
    p = p * r + vf_set(1.1676998740e-1f);
    p = p * r - vf_set(1.2420140846e-1f);
    p = p * r + vf_set(1.4249322787e-1f);
    p = p * r - vf_set(1.6668057665e-1f);
    p = p * r + vf_set(2.0000714765e-1f);
    p = p * r - vf_set(2.4999993993e-1f);
    p = p * r + vf_set(3.3333331174e-1f);
    vf y = r * z * p + n * vf_set(-2.12194440e-4f);
    y = y - vf_set(0.5f) * z;
    y = r + y + n * vf_set(0.693359375f);
    y = vf_select(a == vf_set(0.0f), vf_set(-INFINITY), y);
    y = vf_select(a < vf_set(0.0f), vf_set(NAN), y);
    return vf_select((a == vf_set(INFINITY)) | (a != a), a, y);
}

/* 2^y for |y| < 1000 by its series, to about 1e-14. */
static inline double curve_exp2(double y) {
    const double magic = 0x1.8p52;
    double n = y + magic - magic;
    double r = (y - n) * 0.6931471805599453;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    uint64_t bits = (uint64_t)((int64_t)n + 1023) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

/* log2 x for a normal x > 0 by the series of 2 artanh((z-1)/(z+1)), to about 1e-15. */
static inline double curve_log2(double x) {
    const uint64_t root = 0x3fe6a09e667f3bcdULL; /* sqrt(1/2) */
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits -= root;
    double n = (double)((int64_t)bits >> 52);
    bits = (bits & 0xfffffffffffffULL) + root;
    double z;
    memcpy(&z, &bits, sizeof z);
    double s = (z - 1.0) / (z + 1.0);
    double w = s * s;
    double p = 1.0 / 21.0;
    p = p * w + 1.0 / 19.0;
    p = p * w + 1.0 / 17.0;
    p = p * w + 1.0 / 15.0;
    p = p * w + 1.0 / 13.0;
    p = p * w + 1.0 / 11.0;
    p = p * w + 1.0 / 9.0;
    p = p * w + 1.0 / 7.0;
    p = p * w + 1.0 / 5.0;
    p = p * w + 1.0 / 3.0;
    p = p * w + 1.0;
    return s * p * 2.8853900817779268 + n; /* 2 / ln 2 */
}

/* a^b, rounded from double; special values as Java's Math.pow has them. */
static inline float curve_pow(float a, float b) {
    if (b == 0.0f) {
        return 1.0f;
    }
    if (a != a || b != b) {
        return NAN;
    }
    float size = fabsf(a);
    if (fabsf(b) == INFINITY) {
        if (size == 1.0f) {
            return NAN;
        }
        return (size > 1.0f) == (b > 0.0f) ? INFINITY : 0.0f;
    }
    int whole = fabsf(b) >= 0x1p23f || (float)(int32_t)b == b;
    int odd = whole && fabsf(b) < 0x1p24f && ((int32_t)b & 1) != 0;
    float sign = odd && signbit(a) ? -1.0f : 1.0f;
    if (size == 0.0f || size == INFINITY) {
        return sign * ((size == 0.0f) == (b > 0.0f) ? 0.0f : INFINITY);
    }
    if (a < 0.0f && !whole) {
        return NAN;
    }
    double y = (double)b * curve_log2((double)size);
    y = y < -200.0 ? -200.0 : y > 200.0 ? 200.0 : y;
    return sign * (float)curve_exp2(y);
}

#endif
