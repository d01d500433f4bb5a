/* The inner loops of exact.c: what a block of x, one of w and the sums look like, and how a group of
 * rows is multiplied by one panel of columns. All give the same bits. */
#ifndef JANE_EXACT_LOOPS_H
#define JANE_EXACT_LOOPS_H

#if defined(JANE_LEVEL_avx512)
enum { ROWS = 8, COLUMNS = 32 };
#else
enum { ROWS = 4, COLUMNS = 16 };
#endif

typedef uint32_t vu __attribute__((vector_size(32)));
typedef double vd __attribute__((vector_size(32)));
typedef uint64_t vq __attribute__((vector_size(32)));
typedef float quad __attribute__((vector_size(16)));

/* A block of x, one of w, and the sums. */
struct room {
    float x[M_BLOCK][K_BLOCK];     /* one bit further from zero */
    float least[M_BLOCK][K_BLOCK]; /* smaller magnitudes of w do not count */
    _Alignas(64) float w[K_BLOCK][COLUMNS];
    uint32_t sums[M_BLOCK][N_BLOCK];
    uint8_t doubtful[M_BLOCK][N_BLOCK]; /* sums that may have reached the limit */
    double wide_x[4][K_BLOCK];
    float row_sums[M_BLOCK];           /* of magnitudes in the block */
    float most[M_BLOCK / ROWS];        /* of magnitudes in the block, by groups */
    int32_t all_count[M_BLOCK / ROWS]; /* whether least is 0 throughout */
};

_Static_assert(sizeof(struct room) <= JANE_EXACT_ROOM, "the room that callers give");

/* The elements of x as doubles, whose last bit is the one that sends ties away from zero. */
static void widen(const float *x, double *wide, int64_t ks) {
    for (int64_t p = 0; p < ks; p++) {
        uint32_t bits;
        memcpy(&bits, x + p, sizeof bits);
        bits -= bits << 1 != 0; /* without the bit more, which belongs at the end of the double */
        float narrower;
        memcpy(&narrower, &bits, sizeof bits);
        wide[p] = narrower;
        uint64_t wide_bits;
        memcpy(&wide_bits, wide + p, sizeof wide_bits);
        wide_bits += narrower != 0;
        memcpy(wide + p, &wide_bits, sizeof wide_bits);
    }
}

#if defined(JANE_LEVEL_avx512)

/* Sixteen products at a time. A product that does not count leaves the 192 as it is. */
VF_INLINE void narrow_all(struct room *r, int64_t g, int64_t j, int64_t ks, int all_count) {
    __m512i sums[ROWS][2];
    for (int s = 0; s < ROWS; s++) {
        sums[s][0] = sums[s][1] = _mm512_setzero_si512();
    }
    const __m512 magic = _mm512_set1_ps(192.0f);
    const float *xs = r->x[g * ROWS];
    const float *leasts = r->least[g * ROWS];
    for (int64_t p = 0; p < ks; p++) {
        __m512 w0 = _mm512_load_ps(r->w[p]);
        __m512 w1 = _mm512_load_ps(r->w[p] + 16);
        __m512 size0 = _mm512_abs_ps(w0);
        __m512 size1 = _mm512_abs_ps(w1);
#pragma GCC unroll 8
        for (int s = 0; s < ROWS; s++) {
            __m512 x = _mm512_set1_ps(xs[s * K_BLOCK + p]);
            __m512 q0, q1;
            if (all_count) {
                q0 = _mm512_fmadd_ps(x, w0, magic);
                q1 = _mm512_fmadd_ps(x, w1, magic);
            } else {
                __m512 least = _mm512_set1_ps(leasts[s * K_BLOCK + p]);
                __mmask16 in0 = _mm512_cmp_ps_mask(size0, least, _CMP_GE_OQ);
                __mmask16 in1 = _mm512_cmp_ps_mask(size1, least, _CMP_GE_OQ);
                q0 = _mm512_mask3_fmadd_ps(x, w0, magic, in0);
                q1 = _mm512_mask3_fmadd_ps(x, w1, magic, in1);
            }
            sums[s][0] = _mm512_add_epi32(sums[s][0], _mm512_castps_si512(q0));
            sums[s][1] = _mm512_add_epi32(sums[s][1], _mm512_castps_si512(q1));
        }
    }
    const __m512i offset = _mm512_set1_epi32((int32_t)((uint32_t)ks * 0x43400000u));
    for (int s = 0; s < ROWS; s++) {
        for (int h = 0; h < 2; h++) {
            uint32_t *to = &r->sums[g * ROWS + s][j + 16 * h];
            __m512i block = _mm512_sub_epi32(sums[s][h], offset);
            _mm512_storeu_si512(to, _mm512_add_epi32(_mm512_loadu_si512(to), block));
        }
    }
}

static void narrow(struct room *r, int64_t g, int64_t j, int64_t ks) {
    if (r->all_count[g]) {
        narrow_all(r, g, j, ks, 1);
    } else {
        narrow_all(r, g, j, ks, 0);
    }
}

/* Four rows, for products up to 2^35: in double, whose last bit is 2^-16 at 1.5 2^36. */
static void wide_four(struct room *r, int64_t i, int64_t j, int64_t ks) {
    for (int s = 0; s < 4; s++) {
        widen(r->x[i + s], r->wide_x[s], ks);
    }
    __m512i sums[4][4];
    for (int s = 0; s < 4; s++) {
        sums[s][0] = sums[s][1] = sums[s][2] = sums[s][3] = _mm512_setzero_si512();
    }
    const __m512d magic = _mm512_set1_pd(0x1.8p36);
    for (int64_t p = 0; p < ks; p++) {
#pragma GCC unroll 2
        for (int h = 0; h < 2; h++) {
            __m512 w = _mm512_load_ps(r->w[p] + 16 * h);
            __m512 size = _mm512_abs_ps(w);
            __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(w));
            __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(w, 1));
#pragma GCC unroll 4
            for (int s = 0; s < 4; s++) {
                __m512d x = _mm512_set1_pd(r->wide_x[s][p]);
                __m512 least = _mm512_set1_ps(r->least[i + s][p]);
                __mmask16 in = _mm512_cmp_ps_mask(size, least, _CMP_GE_OQ);
                __m512d q0 = _mm512_mask3_fmadd_pd(x, low, magic, (__mmask8)in);
                __m512d q1 = _mm512_mask3_fmadd_pd(x, high, magic, (__mmask8)(in >> 8));
                sums[s][2 * h] = _mm512_add_epi64(sums[s][2 * h], _mm512_castpd_si512(q0));
                sums[s][2 * h + 1] = _mm512_add_epi64(sums[s][2 * h + 1], _mm512_castpd_si512(q1));
            }
        }
    }
    /* Modulo 2^32 the bits of ks magic numbers are nothing: they end in 52 zeros. */
    for (int s = 0; s < 4; s++) {
        for (int q = 0; q < 4; q++) {
            uint32_t *to = &r->sums[i + s][j + 8 * q];
            __m256i block = _mm512_cvtepi64_epi32(sums[s][q]);
            __m256i before = _mm256_loadu_si256((const __m256i *)to);
            _mm256_storeu_si256((__m256i *)to, _mm256_add_epi32(before, block));
        }
    }
}

static void wide(struct room *r, int64_t g, int64_t j, int64_t ks) {
    wide_four(r, g * ROWS, j, ks);
    wide_four(r, g * ROWS + 4, j, ks);
}

#else

/* Some rows of a group by one panel of columns; all_count: no product is too small to count. */
VF_INLINE void narrow_rows(struct room *r, int64_t g, int first, int rows, int64_t j, int64_t ks,
                           int all_count) {
    vu sums[ROWS][2] = {{{0}}};
    vf magic = vf_set(192.0f);
    for (int64_t p = 0; p < ks; p++) {
        vf w0 = vf_load(r->w[p]);
        vf w1 = vf_load(r->w[p] + 8);
        vf size0 = vf_abs(w0);
        vf size1 = vf_abs(w1);
        for (int s = 0; s < rows; s++) {
            vf x = vf_set(r->x[g * ROWS + first + s][p]);
            vf least = vf_set(r->least[g * ROWS + first + s][p]);
            vf in0 = all_count ? w0 : vf_of_bits(vf_bits(w0) & (size0 >= least));
            vf in1 = all_count ? w1 : vf_of_bits(vf_bits(w1) & (size1 >= least));
            sums[s][0] += (vu)vf_fma(x, in0, magic);
            sums[s][1] += (vu)vf_fma(x, in1, magic);
        }
    }
    uint32_t offset = (uint32_t)ks * 0x43400000u; /* the bits of 192 */
    for (int s = 0; s < rows; s++) {
        for (int h = 0; h < 2; h++) {
            uint32_t *to = &r->sums[g * ROWS + first + s][j + 8 * h];
            vu before;
            memcpy(&before, to, sizeof before);
            before += sums[s][h] - offset;
            memcpy(to, &before, sizeof before);
        }
    }
}

static void narrow(struct room *r, int64_t g, int64_t j, int64_t ks) {
    if (r->all_count[g]) {
        narrow_rows(r, g, 0, ROWS, j, ks, 1);
    } else { /* two at a time: four would need more registers than there are */
        narrow_rows(r, g, 0, 2, j, ks, 0);
        narrow_rows(r, g, 2, 2, j, ks, 0);
    }
}

VF_INLINE vd wide_fma(vd a, vd b, vd c) {
#if defined(JANE_LEVEL_avx2)
    return (vd)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    union {
        vd all;
        float64x2_t half[2];
    } x = {a}, y = {b}, z = {c};
    z.half[0] = vfmaq_f64(z.half[0], x.half[0], y.half[0]);
    z.half[1] = vfmaq_f64(z.half[1], x.half[1], y.half[1]);
    return z.all;
#endif
}

/* As narrow, one row, for products up to 2^35: in double, whose last bit is 2^-16 at 1.5 2^36. */
static void wide_row(struct room *r, int64_t i, int64_t j, int64_t ks) {
    double magic_value = 0x1.8p36;
    vd magic = {magic_value, magic_value, magic_value, magic_value};
    uint64_t magic_bits;
    memcpy(&magic_bits, &magic_value, sizeof magic_bits);
    widen(r->x[i], r->wide_x[0], ks);
    vq sums[COLUMNS / 4] = {{0}};
    for (int64_t p = 0; p < ks; p++) {
        double x = r->wide_x[0][p];
        double least = r->least[i][p];
        vd all_x = {x, x, x, x};
        vd all_least = {least, least, least, least};
        for (int q = 0; q < COLUMNS / 4; q++) {
            quad w;
            memcpy(&w, r->w[p] + 4 * q, sizeof w);
            vd v = __builtin_convertvector(w, vd);
            vd size = (vd)((vq)v & 0x7fffffffffffffffu);
            v = (vd)((vq)v & (vq)(size >= all_least));
            sums[q] += (vq)wide_fma(all_x, v, magic);
        }
    }
    uint64_t offset = (uint64_t)ks * magic_bits;
    for (int c = 0; c < COLUMNS; c++) {
        r->sums[i][j + c] += (uint32_t)(sums[c / 4][c % 4] - offset);
    }
}

static void wide(struct room *r, int64_t g, int64_t j, int64_t ks) {
    for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
        wide_row(r, i, j, ks);
    }
}

#endif

#endif
