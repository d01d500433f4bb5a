/* Products in the Neural Engine's measured arithmetic: see struct jane_exact.
 *
 * With an fma, a product is rounded by adding it to a number whose last bit is 2^-16: 192 + x w lies
 * in [128, 256) for |x w| < 64. That rounds ties to even; one bit more on x, away from zero, turns
 * them away from zero and moves nothing else, since x w is a multiple of 2^(e-20) and the change is
 * below 2^(e-22), where e is the sum of the exponents. The bits of the sum, as an integer, are those
 * of 192 plus the product in units of 2^-16. Larger products go the same way in double. Sums are
 * kept modulo 2^32, which is enough for all that cannot reach the limit; the others are made again
 * by the rule as it is written. */
#include "dispatch.h"
#include "simd.h"

enum { K_BLOCK = 256, M_BLOCK = JANE_EXACT_ROWS, N_BLOCK = JANE_EXACT_COLUMNS };

static const int64_t LIMIT = (int64_t)1 << 31; /* of a sum, in units of 2^-16 */

static inline int32_t exponent(uint16_t half) {
    int32_t biased = half >> 10 & 31;
    return (biased == 0 ? 1 : biased) - 15;
}

static inline int32_t signed_significand(uint16_t half) {
    int32_t magnitude = (half & 0x3ff) | ((half & 0x7c00) == 0 ? 0 : 0x400);
    return half & 0x8000 ? -magnitude : magnitude;
}

/* One product in units of 2^-16, as the rule is written. */
static inline int64_t product(uint16_t x, uint16_t w) {
    int32_t e = exponent(x) + exponent(w);
    if (e < -16) {
        return 0;
    }
    int32_t p = signed_significand(x) * signed_significand(w);
    if (e >= 4) {
        return (int64_t)p * ((int64_t)1 << (e - 4));
    }
    int32_t down = 4 - e;
    int32_t rounded = ((p < 0 ? -p : p) + (1 << (down - 1))) >> down;
    return p < 0 ? -rounded : rounded;
}

/* One sum as the rule is written: at the limit it stays. */
static int64_t sum_by_rule(const struct jane_exact *e, int64_t i, int64_t j, int64_t start) {
    int64_t sum = start;
    for (int64_t p = 0; p < e->k && sum < LIMIT && sum > -LIMIT; p++) {
        sum += product(e->x[e->x_rows[i] + e->x_inner[p]], e->w[e->w_inner[p] + e->w_columns[j]]);
    }
    return sum;
}

/* A sum as a half, ties away from zero, or truncated. */
static uint16_t result(int64_t sum, int64_t truncates) {
    uint16_t sign = sum < 0 ? 0x8000 : 0;
    if (sum >= LIMIT || sum <= -LIMIT) {
        return sign | 0x7c00;
    }
    uint32_t magnitude = (uint32_t)(sum < 0 ? -sum : sum); /* below 2^31 */
    if (magnitude == 0) {
        return 0;
    }
    int32_t top = 31 - __builtin_clz(magnitude); /* the value is 1.. times 2^(top - 16) */
    if (top > 10) {
        magnitude += truncates ? 0 : 1u << (top - 11);
        top += magnitude >> (top + 1) != 0;
        magnitude >>= top - 10;
    } else {
        magnitude <<= 10 - top;
    }
    /* Every unit is 2^-16, so that nothing lies between 0 and the smallest normal but 2^-16, 2^-15. */
    int32_t biased = top - 16 + 15;
    return biased > 0 ? (uint16_t)(sign | (biased << 10) | (magnitude & 0x3ff))
                      : (uint16_t)(sign | (magnitude >> (1 - biased)));
}

static int64_t start_of(const struct jane_exact *e, int64_t i, int64_t j) {
    if (e->start == 0) {
        return 0;
    }
    return product(e->start[i * e->start_row + j * e->start_column], 0x3c00);
}

/* To the nearest half, of two the one further from zero, as a float; a NaN as it is. */
static inline vf settled(vf x, vi flushes) {
    vi bits = vf_bits(x);
    vi size = bits & 0x7fffffff;
    vi small = size < 0x38800000; /* 2^-14 */
    vf units = vf_of_int(vi_of_float(vf_select(small, vf_of_bits(size), vf_set(0)) * vf_set(0x1p24f) + vf_set(0.5f)));
    vi rounded = (size + 0x1000) & ~0x1fff;
    rounded = vi_select(small, vf_bits(units * vf_set(0x1p-24f)), rounded);
    rounded = vi_select(size >= 0x477ff000, vi_set(0x7f800000), rounded); /* 65520 */
    rounded |= bits & (int32_t)0x80000000;
    rounded &= ~(((rounded & 0x7fffffff) < 0x38800000) & flushes);
    return vf_of_bits(vi_select(size > 0x7f800000, bits, rounded));
}

void JANE_NAME(exact_settle)(float *x, int64_t n, int64_t flushes) {
    vi all = vi_set(flushes ? -1 : 0);
    int64_t i = 0;
    for (; i + VF_WIDTH <= n; i += VF_WIDTH) {
        vf_store(x + i, settled(vf_load(x + i), all));
    }
    if (i < n) {
        vf_store_n(x + i, settled(vf_load_n(x + i, n - i), all), n - i);
    }
}

#if defined(JANE_LEVEL_scalar)

void JANE_NAME(exact)(const struct jane_exact *e, int64_t i0, int64_t j0, void *room) {
    (void)room;
    for (int64_t i = i0; i < e->m && i < i0 + M_BLOCK; i++) {
        for (int64_t j = j0; j < e->n && j < j0 + N_BLOCK; j++) {
            e->y[e->y_rows[i] + e->y_columns[j]] = result(sum_by_rule(e, i, j, start_of(e, i, j)), e->truncates);
        }
    }
}

#else

#include "exact_loops.h"

typedef uint16_t halves __attribute__((vector_size(16)));

/* Whether n offsets go up by one. */
static int in_a_row(const int64_t *offsets, int64_t n) {
    int64_t others = 0;
    for (int64_t i = 1; i < n; i++) {
        others |= offsets[i] ^ (offsets[0] + i);
    }
    return others == 0;
}

/* Up to eight halves that lie anywhere, then zeros; row: they lie in a row. */
VF_INLINE halves gathered(const uint16_t *from, const int64_t *offsets, int64_t n, int row) {
    uint16_t some[8] = {0};
    if (row && n == 8) {
        memcpy(some, from + offsets[0], sizeof some);
    } else {
        for (int64_t i = 0; i < n; i++) {
            some[i] = from[offsets[i]];
        }
    }
    halves all;
    memcpy(&all, some, sizeof all);
    return all;
}

/* As the engine decodes a half: exponent 31 is one more power of two. */
VF_INLINE vf magnitudes(vu bits) {
    return (vf)((bits & 0x7fff) << 13) * vf_set(0x1p112f);
}

VF_INLINE vf with_sign(vf magnitude, vu bits) {
    return (vf)((vu)magnitude | (bits & 0x8000) << 16);
}

VF_INLINE float largest(vf v) {
    float most = 0;
    for (int i = 0; i < VF_WIDTH; i++) {
        most = v[i] > most ? v[i] : most;
    }
    return most;
}

static void pack_rows(const struct jane_exact *e, struct room *r, int64_t i0, int64_t rows,
                      int64_t k0, int64_t ks) {
    int row = in_a_row(e->x_inner + k0, ks);
    for (int64_t g = 0; g * ROWS < rows; g++) {
        vf most = {0};
        vu some_least = {0};
        for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
            vf sum = {0};
            for (int64_t p = 0; p < ks; p += 8) {
                int64_t n = i >= rows ? 0 : ks - p < 8 ? ks - p : 8;
                halves from = {0};
                if (n > 0) {
                    from = gathered(e->x + e->x_rows[i0 + i], e->x_inner + k0 + p, n, row);
                }
                vu bits = __builtin_convertvector(from, vu);
                vf size = magnitudes(bits);
                sum += size;
                most = vf_max(size, most);
                vu counts = (vu)(size != 0);
                vu biased = (bits >> 10) & 31;
                biased += (vu)(biased == 0) & 1;
                vu least = ((vu)(biased < 13) & counts) & ((127 - 16 + 15 - biased) << 23);
                some_least |= least;
                vf_store(&r->x[i][p], (vf)((vu)with_sign(size, bits) - counts)); /* -(-1): one more */
                vf_store(&r->least[i][p], (vf)least);
            }
            r->row_sums[i] = vf_sum(sum);
        }
        r->most[g] = largest(most);
        r->all_count[g] = largest((vf)some_least) == 0;
    }
}

/* The result is the largest magnitude. */
static float pack_columns(const struct jane_exact *e, struct room *r, int64_t j, int64_t columns,
                          int64_t k0, int64_t ks) {
    vf most = {0};
    int row = in_a_row(e->w_columns + j, columns);
    for (int64_t p = 0; p < ks; p++) {
        const uint16_t *from = e->w + e->w_inner[k0 + p];
        for (int64_t c = 0; c < COLUMNS; c += 8) {
            int64_t n = columns - c < 0 ? 0 : columns - c < 8 ? columns - c : 8;
            vu bits = __builtin_convertvector(gathered(from, e->w_columns + j + c, n, row), vu);
            vf size = magnitudes(bits);
            most = vf_max(size, most);
            vf_store(&r->w[p][c], with_sign(size, bits));
        }
    }
    return largest(most);
}

/* The most that ks products whose magnitudes add up to about this can move a sum: half a unit more
 * for each that was rounded away, and a bit for the error of the magnitudes' own sum. */
static inline double reach(double magnitudes, int64_t ks) {
    return magnitudes * (1 + 0x1p-10) + (double)ks * 0x1p-17;
}

/* Marks the sums of a group that may reach the limit within this block. */
static void doubt(struct room *r, int64_t g, int64_t j, int64_t ks) {
    for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
        vf sizes[COLUMNS / 8] = {{0}};
        for (int64_t p = 0; p < ks; p++) {
            vf x = vf_abs(vf_set(r->x[i][p]));
            for (int64_t c = 0; c < COLUMNS / 8; c++) {
                sizes[c] = vf_fma(x, vf_abs(vf_load(r->w[p] + 8 * c)), sizes[c]);
            }
        }
        for (int64_t c = 0; c < COLUMNS; c++) {
            double before = fabs((double)(int32_t)r->sums[i][j + c] * 0x1p-16);
            r->doubtful[i][j + c] |= before + reach(sizes[c / 8][c % 8], ks) >= 32768;
        }
    }
}

/* Whether a sum of a group may reach the limit within this block, by a glance. */
static int in_danger(const struct room *r, int64_t g, int64_t j, int64_t ks, float most) {
    vf before = {0};
    double block = 0;
    for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
        block = r->row_sums[i] > block ? r->row_sums[i] : block;
        for (int64_t c = 0; c < COLUMNS; c += 8) {
            vi sums;
            memcpy(&sums, &r->sums[i][j + c], sizeof sums);
            before = vf_max(vf_abs(vf_of_int(sums)), before);
        }
    }
    return largest(before) * (0x1p-16 * (1 + 0x1p-20)) + reach(block * most, ks) >= 32768;
}

static void panel(struct room *r, int64_t rows, int64_t j, int64_t ks, float most) {
    for (int64_t g = 0; g * ROWS < rows; g++) {
        if (in_danger(r, g, j, ks, most)) {
            doubt(r, g, j, ks);
        }
        if (r->most[g] * most >= 64) {
            wide(r, g, j, ks);
        } else {
            narrow(r, g, j, ks);
        }
    }
}

static void begin(const struct jane_exact *e, struct room *r, int64_t i0, int64_t j0, int64_t rows,
                  int64_t columns) {
    memset(r->sums, 0, sizeof r->sums);
    memset(r->doubtful, 0, sizeof r->doubtful);
    for (int64_t i = 0; i < rows && e->start != NULL; i++) {
        for (int64_t j = 0; j < columns; j++) {
            int64_t start = start_of(e, i0 + i, j0 + j);
            r->sums[i][j] = (uint32_t)start;
            r->doubtful[i][j] = start >= LIMIT || start <= -LIMIT;
        }
    }
}

/* Eight finished sums as halves. As a double a sum has its magnitude in the low bits: half a unit of
 * the last bit that a half keeps is added, unless it truncates, and the rest cut off. */
VF_INLINE halves results(const uint32_t *sums, int64_t truncates) {
#if defined(JANE_LEVEL_avx2)
    typedef int32_t four __attribute__((vector_size(16)));
    vf all;
    for (int h = 0; h < 2; h++) {
        four units;
        memcpy(&units, sums + 4 * h, sizeof units);
        vd exact = __builtin_convertvector(units, vd) * (vd){0x1p-16, 0x1p-16, 0x1p-16, 0x1p-16};
        vq bits = ((vq)exact + (truncates ? 0 : (uint64_t)1 << 41)) & ~(((uint64_t)1 << 42) - 1);
        quad rounded = __builtin_convertvector((vd)bits, quad);
        memcpy((char *)&all + 16 * h, &rounded, sizeof rounded);
    }
    return (halves)_mm256_cvtps_ph((__m256)all, _MM_FROUND_TO_ZERO); /* exact */
#else
    halves all;
    for (int i = 0; i < 8; i++) {
        all[i] = result((int32_t)sums[i], truncates);
    }
    return all;
#endif
}

static void finish(const struct jane_exact *e, struct room *r, int64_t i0, int64_t j0, int64_t rows,
                   int64_t columns) {
    int row = in_a_row(e->y_columns + j0, columns);
    for (int64_t i = 0; i < rows; i++) {
        uint16_t *to = e->y + e->y_rows[i0 + i];
        const int64_t *offsets = e->y_columns + j0;
        for (int64_t j = 0; j < columns; j += 8) {
            int64_t n = columns - j < 8 ? columns - j : 8;
            halves all = results(&r->sums[i][j], e->truncates);
            uint64_t doubtful;
            memcpy(&doubtful, &r->doubtful[i][j], sizeof doubtful);
            if (row && n == 8) {
                memcpy(to + offsets[j], &all, sizeof all);
            } else {
                for (int64_t c = 0; c < n; c++) {
                    to[offsets[j + c]] = all[c];
                }
            }
            for (int64_t c = 0; c < n && doubtful != 0; c++) {
                if (r->doubtful[i][j + c]) {
                    int64_t start = start_of(e, i0 + i, j0 + j + c);
                    to[offsets[j + c]] = result(sum_by_rule(e, i0 + i, j0 + j + c, start), e->truncates);
                }
            }
        }
    }
}

void JANE_NAME(exact)(const struct jane_exact *e, int64_t i0, int64_t j0, void *memory) {
    struct room *r = memory;
    int64_t rows = e->m - i0 < M_BLOCK ? e->m - i0 : M_BLOCK;
    int64_t columns = e->n - j0 < N_BLOCK ? e->n - j0 : N_BLOCK;
    begin(e, r, i0, j0, rows, columns);
    for (int64_t k0 = 0; k0 < e->k; k0 += K_BLOCK) {
        int64_t ks = e->k - k0 < K_BLOCK ? e->k - k0 : K_BLOCK;
        pack_rows(e, r, i0, rows, k0, ks);
        for (int64_t j = 0; j < columns; j += COLUMNS) {
            int64_t some = columns - j < COLUMNS ? columns - j : COLUMNS;
            panel(r, rows, j, ks, pack_columns(e, r, j0 + j, some, k0, ks));
        }
    }
    finish(e, r, i0, j0, rows, columns);
}

#endif
