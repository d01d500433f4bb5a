/* fp16 to fp32 and back, IEEE 754: to nearest, ties to even; NaN stays NaN. The same bits at every
 * level, but for those of a NaN. */
#ifndef JANE_HALF_H
#define JANE_HALF_H

#include "simd.h"

VF_INLINE float half_widen(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = half >> 10 & 0x1f;
    uint32_t fraction = half & 0x3ff;
    uint32_t bits;
    if (exponent == 0) {
        float magnitude = (float)fraction * 0x1p-24f;
        memcpy(&bits, &magnitude, sizeof bits);
        bits |= sign;
    } else {
        bits = sign | (exponent == 31 ? 0xffu : exponent + 112) << 23 | fraction << 13;
    }
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

VF_INLINE uint16_t half_narrow(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t sign = bits >> 16 & 0x8000;
    uint32_t size = bits & 0x7fffffff;
    if (size >= 0x7f800000) { /* infinity, or a NaN made quiet */
        return (uint16_t)(sign | 0x7c00 | (size > 0x7f800000 ? 0x200 | (size >> 13 & 0x1ff) : 0));
    }
    if (size >= 0x477ff000) { /* rounds to 65536 or more */
        return (uint16_t)(sign | 0x7c00);
    }
    if (size < 0x38800000) { /* below 2^-14: a multiple of 2^-24, by the rounding of an addition */
        float magnitude;
        memcpy(&magnitude, &size, sizeof magnitude);
        magnitude += 0.5f; /* whose last bit is 2^-24 */
        memcpy(&bits, &magnitude, sizeof bits);
        return (uint16_t)(sign | (bits - 0x3f000000));
    }
    uint32_t rounded = size + 0xfff + (size >> 13 & 1);
    return (uint16_t)(sign | (rounded - 0x38000000) >> 13);
}

/* n of them; a constant n leaves no loop. */
VF_INLINE void half_to_floats(const uint16_t *src, float *dst, int64_t n) {
    int64_t i = 0;
#if defined(JANE_LEVEL_avx512)
    for (; i + 16 <= n; i += 16) {
        _mm512_storeu_ps(dst + i, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(src + i))));
    }
#endif
#if defined(JANE_LEVEL_avx2)
    for (; i + 8 <= n; i += 8) {
        _mm256_storeu_ps(dst + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(src + i))));
    }
#elif defined(JANE_LEVEL_neon)
    for (; i + 4 <= n; i += 4) {
        vst1q_f32(dst + i, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(src + i))));
    }
#endif
    for (; i < n; i++) {
        dst[i] = half_widen(src[i]);
    }
}

VF_INLINE void half_of_floats(const float *src, uint16_t *dst, int64_t n) {
    int64_t i = 0;
#if defined(JANE_LEVEL_avx512)
    for (; i + 16 <= n; i += 16) {
        __m256i h = _mm512_cvtps_ph(_mm512_loadu_ps(src + i), _MM_FROUND_TO_NEAREST_INT);
        _mm256_storeu_si256((__m256i *)(dst + i), h);
    }
#endif
#if defined(JANE_LEVEL_avx2)
    for (; i + 8 <= n; i += 8) {
        __m128i h = _mm256_cvtps_ph(_mm256_loadu_ps(src + i), _MM_FROUND_TO_NEAREST_INT);
        _mm_storeu_si128((__m128i *)(dst + i), h);
    }
#elif defined(JANE_LEVEL_neon)
    for (; i + 4 <= n; i += 4) {
        vst1_u16(dst + i, vreinterpret_u16_f16(vcvt_f16_f32(vld1q_f32(src + i))));
    }
#endif
    for (; i < n; i++) {
        dst[i] = half_narrow(src[i]);
    }
}

#endif
