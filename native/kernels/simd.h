/* Eight floats at a time, written once for all levels.
 *
 * vf and vi are GCC/clang vectors: + - * / and comparisons work on them (a comparison gives a vi of
 * 0 or -1), and the compiler splits them where registers are narrower. Only what operators cannot
 * say is per level. Apart from vf_fma every function gives the same bits at every level. */
#ifndef JANE_SIMD_H
#define JANE_SIMD_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Everything of AVX2 goes for AVX-512 too. */
#if defined(JANE_LEVEL_avx512)
#define JANE_LEVEL_avx2
#endif

#if defined(JANE_LEVEL_avx2)
#include <immintrin.h>
#elif defined(JANE_LEVEL_neon)
#include <arm_neon.h>
#endif

#define VF_WIDTH 8

typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));

#define VF_INLINE static inline __attribute__((always_inline, unused))

/* Any alignment. */
VF_INLINE vf vf_load(const float *p) {
    vf v;
    memcpy(&v, p, sizeof v);
    return v;
}

VF_INLINE void vf_store(float *p, vf v) { memcpy(p, &v, sizeof v); }

/* The first n of 8, the others 0. */
VF_INLINE vf vf_load_n(const float *p, int64_t n) {
    vf v = {0};
    memcpy(&v, p, (size_t)n * sizeof(float));
    return v;
}

VF_INLINE void vf_store_n(float *p, vf v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof(float)); }

VF_INLINE vf vf_set(float x) { return (vf){x, x, x, x, x, x, x, x}; }

VF_INLINE vi vi_set(int32_t x) { return (vi){x, x, x, x, x, x, x, x}; }

/* The same bits as the other type. */
VF_INLINE vi vf_bits(vf v) { return (vi)v; }

VF_INLINE vf vf_of_bits(vi v) { return (vf)v; }

/* By value; from float toward zero, and undefined outside int32. */
VF_INLINE vf vf_of_int(vi v) { return __builtin_convertvector(v, vf); }

VF_INLINE vi vi_of_float(vf v) { return __builtin_convertvector(v, vi); }

/* a where the mask is -1, b where it is 0. */
VF_INLINE vf vf_select(vi mask, vf a, vf b) {
#if defined(JANE_LEVEL_avx2)
    return (vf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#endif
    return vf_of_bits((vf_bits(a) & mask) | (vf_bits(b) & ~mask));
}

VF_INLINE vi vi_select(vi mask, vi a, vi b) { return (a & mask) | (b & ~mask); }

/* a < b ? a : b, so b where either is NaN and where both are zeros. */
VF_INLINE vf vf_min(vf a, vf b) {
#if defined(JANE_LEVEL_avx2)
    return (vf)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return vf_select(a < b, a, b);
#endif
}

/* a > b ? a : b, so b where either is NaN and where both are zeros. */
VF_INLINE vf vf_max(vf a, vf b) {
#if defined(JANE_LEVEL_avx2)
    return (vf)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return vf_select(a > b, a, b);
#endif
}

VF_INLINE vf vf_abs(vf v) { return vf_of_bits(vf_bits(v) & vi_set(0x7fffffff)); }

VF_INLINE vf vf_sqrt(vf v) {
#if defined(JANE_LEVEL_avx2)
    return (vf)_mm256_sqrt_ps((__m256)v);
#else
    for (int i = 0; i < VF_WIDTH; i++) {
        v[i] = sqrtf(v[i]);
    }
    return v;
#endif
}

/* a b + c, rounded once where the processor can and twice at the scalar level: for contractions
 * only, whose results may differ between levels. */
VF_INLINE vf vf_fma(vf a, vf b, vf c) {
#if defined(JANE_LEVEL_avx2)
    return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(JANE_LEVEL_neon)
    union {
        vf all;
        float32x4_t half[2];
    } x = {a}, y = {b}, z = {c};
    z.half[0] = vfmaq_f32(z.half[0], x.half[0], y.half[0]);
    z.half[1] = vfmaq_f32(z.half[1], x.half[1], y.half[1]);
    return z.all;
#else
    return a * b + c;
#endif
}

/* ((v0 + v4) + (v2 + v6)) + ((v1 + v5) + (v3 + v7)): this order at every level. */
VF_INLINE float vf_sum(vf v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

#endif
