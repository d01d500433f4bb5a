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

/* A file may ask for 16 instead, where that is one register. */
#ifndef VF_WIDTH
#define VF_WIDTH 8
#endif

typedef float vf __attribute__((vector_size(4 * VF_WIDTH)));
typedef int32_t vi __attribute__((vector_size(4 * VF_WIDTH)));

#define VF_INLINE static inline __attribute__((always_inline, unused))

/* Any alignment. */
VF_INLINE vf vf_load(const float *p) {
    vf v;
    memcpy(&v, p, sizeof v);
    return v;
}

VF_INLINE void vf_store(float *p, vf v) { memcpy(p, &v, sizeof v); }

/* The first n of a vector, the others 0. */
VF_INLINE vf vf_load_n(const float *p, int64_t n) {
    vf v = {0};
    memcpy(&v, p, (size_t)n * sizeof(float));
    return v;
}

VF_INLINE void vf_store_n(float *p, vf v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof(float)); }

VF_INLINE vf vf_set(float x) { return x - (vf){0}; } /* changes no x, -0 neither */

VF_INLINE vi vi_set(int32_t x) { return x - (vi){0}; }

/* The same bits as the other type. */
VF_INLINE vi vf_bits(vf v) { return (vi)v; }

VF_INLINE vf vf_of_bits(vi v) { return (vf)v; }

/* By value; from float toward zero, and undefined outside int32. */
VF_INLINE vf vf_of_int(vi v) { return __builtin_convertvector(v, vf); }

VF_INLINE vi vi_of_float(vf v) { return __builtin_convertvector(v, vi); }

/* a where the mask is -1, b where it is 0. */
VF_INLINE vf vf_select(vi mask, vf a, vf b) {
#if VF_WIDTH == 8 && defined(JANE_LEVEL_avx2)
    return (vf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#endif
    return vf_of_bits((vf_bits(a) & mask) | (vf_bits(b) & ~mask));
}

VF_INLINE vi vi_select(vi mask, vi a, vi b) { return (a & mask) | (b & ~mask); }

/* a < b ? a : b, so b where either is NaN and where both are zeros. */
VF_INLINE vf vf_min(vf a, vf b) {
#if VF_WIDTH == 16
    return (vf)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(JANE_LEVEL_avx2)
    return (vf)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return vf_select(a < b, a, b);
#endif
}

/* a > b ? a : b, so b where either is NaN and where both are zeros. */
VF_INLINE vf vf_max(vf a, vf b) {
#if VF_WIDTH == 16
    return (vf)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(JANE_LEVEL_avx2)
    return (vf)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return vf_select(a > b, a, b);
#endif
}

/* Whether any lane is not 0. */
VF_INLINE int vi_any(vi v) {
#if VF_WIDTH == 16
    return _mm512_test_epi32_mask((__m512i)v, (__m512i)v) != 0;
#elif defined(JANE_LEVEL_avx2)
    return !_mm256_testz_si256((__m256i)v, (__m256i)v);
#else
    int32_t any = 0;
    for (int i = 0; i < VF_WIDTH; i++) {
        any |= v[i];
    }
    return any != 0;
#endif
}

/* Lanes in another order: those a distance apart change places. */
#if VF_WIDTH == 16
#define VF_APART_8(v) __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
#define VF_APART_4(v) __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)
#define VF_APART_2(v) __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define VF_APART_1(v) __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
#else
#define VF_APART_8(v) (v)
#define VF_APART_4(v) __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3)
#define VF_APART_2(v) __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5)
#define VF_APART_1(v) __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6)
#endif

VF_INLINE vf vf_abs(vf v) { return vf_of_bits(vf_bits(v) & vi_set(0x7fffffff)); }

VF_INLINE vf vf_sqrt(vf v) {
#if VF_WIDTH == 16
    return (vf)_mm512_sqrt_ps((__m512)v);
#elif defined(JANE_LEVEL_avx2)
    return (vf)_mm256_sqrt_ps((__m256)v);
#else
    for (int i = 0; i < VF_WIDTH; i++) {
        v[i] = sqrtf(v[i]);
    }
    return v;
#endif
}

#if VF_WIDTH == 8
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

#endif
