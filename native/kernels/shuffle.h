/* Floats moved between the lanes of vectors. */
#ifndef JANE_SHUFFLE_H
#define JANE_SHUFFLE_H

#include "simd.h"

typedef float vq __attribute__((vector_size(16)));

/* Four floats, twice. */
VF_INLINE vf vf_load_four(const float *p) {
    vq v;
    memcpy(&v, p, sizeof v);
    return __builtin_shufflevector(v, v, 0, 1, 2, 3, 0, 1, 2, 3);
}

/* The first four. */
VF_INLINE void vf_store_four(float *p, vf v) {
    vq first = __builtin_shufflevector(v, v, 0, 1, 2, 3);
    memcpy(p, &first, sizeof first);
}

/* a0 a2 a4 a6 b0 b2 b4 b6 */
VF_INLINE vf vf_even(vf a, vf b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
}

/* a1 a3 a5 a7 b1 b3 b5 b7 */
VF_INLINE vf vf_odd(vf a, vf b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }

/* a0 b0 a1 b1 a2 b2 a3 b3 */
VF_INLINE vf vf_zip_low(vf a, vf b) {
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

/* a4 b4 a5 b5 a6 b6 a7 b7 */
VF_INLINE vf vf_zip_high(vf a, vf b) {
    return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/* Within each half: a0 b0 a1 b1, a4 b4 a5 b5; and the other two of each. */
VF_INLINE vf vf_pairs_low(vf a, vf b) {
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
}

VF_INLINE vf vf_pairs_high(vf a, vf b) {
    return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}

/* Within each half: a0 a1 b0 b1, a4 a5 b4 b5; and the other two of each. */
VF_INLINE vf vf_twos_low(vf a, vf b) {
    return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
}

VF_INLINE vf vf_twos_high(vf a, vf b) {
    return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}

VF_INLINE vf vf_halves_low(vf a, vf b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
}

VF_INLINE vf vf_halves_high(vf a, vf b) {
    return __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}

/* Rows become columns, of an 8 by 8 matrix. */
VF_INLINE void vf_transpose(vf r[8]) {
    vf q[8];
    for (int i = 0; i < 8; i += 4) {
        vf a = vf_pairs_low(r[i], r[i + 1]);
        vf b = vf_pairs_high(r[i], r[i + 1]);
        vf c = vf_pairs_low(r[i + 2], r[i + 3]);
        vf d = vf_pairs_high(r[i + 2], r[i + 3]);
        q[i] = vf_twos_low(a, c);
        q[i + 1] = vf_twos_high(a, c);
        q[i + 2] = vf_twos_low(b, d);
        q[i + 3] = vf_twos_high(b, d);
    }
    for (int i = 0; i < 4; i++) {
        r[i] = vf_halves_low(q[i], q[i + 4]);
        r[i + 4] = vf_halves_high(q[i], q[i + 4]);
    }
}

#endif
