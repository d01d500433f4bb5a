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

enum { ROWS = 4, COLUMNS = 16, K_BLOCK = 256, M_BLOCK = JANE_EXACT_ROWS, N_BLOCK = JANE_EXACT_COLUMNS };

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

typedef uint32_t vu __attribute__((vector_size(32)));
typedef double vd __attribute__((vector_size(32)));
typedef uint64_t vq __attribute__((vector_size(32)));
typedef float quad __attribute__((vector_size(16)));

/* A block of x, one of w, and the sums. */
struct room {
    float x[M_BLOCK][K_BLOCK];     /* one bit further from zero */
    float least[M_BLOCK][K_BLOCK]; /* smaller magnitudes of w do not count */
    float w[K_BLOCK][COLUMNS];
    uint32_t sums[M_BLOCK][N_BLOCK];
    uint8_t doubtful[M_BLOCK][N_BLOCK]; /* sums that may have reached the limit */
    double wide_x[K_BLOCK];
    float row_sums[M_BLOCK];           /* of magnitudes in the block */
    float most[M_BLOCK / ROWS];        /* of magnitudes in the block, by groups */
    int32_t all_count[M_BLOCK / ROWS]; /* whether least is 0 throughout */
};

_Static_assert(sizeof(struct room) <= JANE_EXACT_ROOM, "the room that callers give");

typedef uint16_t halves __attribute__((vector_size(16)));

/* Eight halves that lie anywhere. */
VF_INLINE halves gathered(const uint16_t *from, const int64_t *offsets, int64_t n) {
    uint16_t some[8] = {0};
    for (int64_t i = 0; i < n; i++) {
        some[i] = from[offsets[i]];
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
    for (int64_t g = 0; g * ROWS < rows; g++) {
        vf most = {0};
        vu some_least = {0};
        for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
            vf sum = {0};
            for (int64_t p = 0; p < ks; p += 8) {
                int64_t n = i >= rows ? 0 : ks - p < 8 ? ks - p : 8;
                halves from = {0};
                if (n > 0) {
                    from = gathered(e->x + e->x_rows[i0 + i], e->x_inner + k0 + p, n);
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
    for (int64_t p = 0; p < ks; p++) {
        const uint16_t *from = e->w + e->w_inner[k0 + p];
        for (int64_t c = 0; c < COLUMNS; c += 8) {
            int64_t n = columns - c < 0 ? 0 : columns - c < 8 ? columns - c : 8;
            vu bits = __builtin_convertvector(gathered(from, e->w_columns + j + c, n), vu);
            vf size = magnitudes(bits);
            most = vf_max(size, most);
            vf_store(&r->w[p][c], with_sign(size, bits));
        }
    }
    return largest(most);
}

/* Some rows of a group by one panel of columns; all_count: no product is too small to count. */
VF_INLINE void narrow(struct room *r, int64_t g, int first, int rows, int64_t j, int64_t ks,
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

/* As narrow, for products up to 2^35: in double, whose last bit is 2^-16 at 1.5 2^36. */
static void wide(struct room *r, int64_t i, int64_t j, int64_t ks) {
    double magic_value = 0x1.8p36;
    vd magic = {magic_value, magic_value, magic_value, magic_value};
    uint64_t magic_bits;
    memcpy(&magic_bits, &magic_value, sizeof magic_bits);
    for (int64_t p = 0; p < ks; p++) {
        uint32_t bits;
        memcpy(&bits, &r->x[i][p], sizeof bits);
        bits -= bits << 1 != 0; /* without the bit more, which belongs at the end of the double */
        float x;
        memcpy(&x, &bits, sizeof bits);
        double wide_x = x;
        uint64_t wide_bits;
        memcpy(&wide_bits, &wide_x, sizeof wide_x);
        wide_bits += x != 0;
        memcpy(&r->wide_x[p], &wide_bits, sizeof wide_bits);
    }
    vq sums[COLUMNS / 4] = {{0}};
    for (int64_t p = 0; p < ks; p++) {
        double x = r->wide_x[p];
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

/* The most that ks products whose magnitudes add up to about this can move a sum: half a unit more
 * for each that was rounded away, and a bit for the error of the magnitudes' own sum. */
static inline double reach(double magnitudes, int64_t ks) {
    return magnitudes * (1 + 0x1p-10) + (double)ks * 0x1p-17;
}

static inline double value(uint32_t sum) { return (double)(int32_t)sum * 0x1p-16; }

/* Marks the sums of a group that may reach the limit within this block. */
static void doubt(struct room *r, int64_t g, int64_t j, int64_t ks) {
    vf sizes[ROWS][2] = {{{0}}};
    for (int64_t p = 0; p < ks; p++) {
        vf w0 = vf_abs(vf_load(r->w[p]));
        vf w1 = vf_abs(vf_load(r->w[p] + 8));
        for (int64_t s = 0; s < ROWS; s++) {
            vf x = vf_abs(vf_set(r->x[g * ROWS + s][p]));
            sizes[s][0] = vf_fma(x, w0, sizes[s][0]);
            sizes[s][1] = vf_fma(x, w1, sizes[s][1]);
        }
    }
    for (int64_t s = 0; s < ROWS; s++) {
        for (int64_t c = 0; c < COLUMNS; c++) {
            int64_t i = g * ROWS + s;
            double before = fabs(value(r->sums[i][j + c]));
            r->doubtful[i][j + c] |= before + reach(sizes[s][c / 8][c % 8], ks) >= 32768;
        }
    }
}

/* Whether a sum of a group may reach the limit within this block, by a glance. */
static int in_danger(const struct room *r, int64_t g, int64_t j, int64_t ks, float most) {
    double before = 0;
    double block = 0;
    for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
        block = r->row_sums[i] > block ? r->row_sums[i] : block;
        for (int64_t c = 0; c < COLUMNS; c++) {
            double size = fabs(value(r->sums[i][j + c]));
            before = size > before ? size : before;
        }
    }
    return before + reach(block * most, ks) >= 32768;
}

static void panel(struct room *r, int64_t rows, int64_t j, int64_t ks, float most) {
    for (int64_t g = 0; g * ROWS < rows; g++) {
        if (in_danger(r, g, j, ks, most)) {
            doubt(r, g, j, ks);
        }
        if (r->most[g] * most >= 64) {
            for (int64_t i = g * ROWS; i < (g + 1) * ROWS; i++) {
                wide(r, i, j, ks);
            }
        } else if (r->all_count[g]) {
            narrow(r, g, 0, ROWS, j, ks, 1);
        } else { /* two at a time: four would need more registers than there are */
            narrow(r, g, 0, 2, j, ks, 0);
            narrow(r, g, 2, 2, j, ks, 0);
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
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            int64_t sum = (int32_t)r->sums[i][j];
            if (r->doubtful[i][j]) {
                sum = sum_by_rule(e, i0 + i, j0 + j, start_of(e, i0 + i, j0 + j));
            }
            e->y[e->y_rows[i0 + i] + e->y_columns[j0 + j]] = result(sum, e->truncates);
        }
    }
}

#endif
