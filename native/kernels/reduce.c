/*
 * Sums (in double), largest and smallest over any axes of a view: see struct jane_reduce. The
 * order of additions depends on the shape only.
 */
#ifdef JANE_LEVEL_avx512
#define VF_WIDTH 16
#endif

#include "elementwise.h"

typedef float quad __attribute__((vector_size(16)));

static inline vd widen(const float *src) {
    quad x;
    memcpy(&x, src, sizeof x);
    return __builtin_convertvector(x, vd);
}

/* As many doubles as a register holds, and the floats that become them. */
#ifdef JANE_LEVEL_avx512
#define AT_ONCE 8
#else
#define AT_ONCE 4
#endif

typedef double doubles __attribute__((vector_size(8 * AT_ONCE)));
typedef float singles __attribute__((vector_size(4 * AT_ONCE)));

void JANE_NAME(sum)(double *sums, const float *src, int64_t n) {
    doubles s[JANE_SUMS / AT_ONCE];
    memcpy(s, sums, sizeof s);
    int64_t i = 0;
    for (; i + JANE_SUMS <= n; i += JANE_SUMS) {
        for (int k = 0; k < JANE_SUMS / AT_ONCE; k++) {
            singles x;
            memcpy(&x, src + i + k * AT_ONCE, sizeof x);
            s[k] += __builtin_convertvector(x, doubles);
        }
    }
    memcpy(sums, s, sizeof s);
    for (int64_t k = 0; i + k < n; k++) {
        sums[k] += (double)src[i + k];
    }
}

static inline float larger(float a, float b) {
    float equal = signbit(a) ? b : a; /* 0 is above -0 */
    return a > b || a != a ? a : a == b ? equal : b;
}

static inline float smaller(float a, float b) {
    float equal = signbit(a) ? a : b;
    return a < b || a != a ? a : a == b ? equal : b;
}

/* The zero with these bits if start or one of n floats is it, else the other one. */
static float zero_of(float start, const float *src, int64_t n, uint32_t bits) {
    uint32_t x;
    memcpy(&x, &start, sizeof x);
    int any = x == bits;
    for (int64_t i = 0; i < n; i++) {
        memcpy(&x, src + i, sizeof x);
        any |= x == bits;
    }
    return any == (bits == 0) ? 0.0f : -0.0f;
}

/* By vectors while there are whole ones, four at a time so that none waits for the last, then one by
 * one. Vectors do not tell which zero is the extreme: `zero` has the bits of the one that wins. */
#define EXTREME(name, of_vectors, of_two, zero)                                                    \
    void JANE_NAME(name)(float *extreme, const float *src, int64_t n) {                            \
        float best = *extreme;                                                                     \
        vf all[4] = {vf_set(best), vf_set(best), vf_set(best), vf_set(best)};                      \
        vi nan = all[0] != all[0];                                                                 \
        int64_t i = 0;                                                                             \
        for (; i + 4 * VF_WIDTH <= n; i += 4 * VF_WIDTH) {                                         \
            for (int k = 0; k < 4; k++) {                                                          \
                vf x = vf_load(src + i + k * VF_WIDTH);                                            \
                all[k] = of_vectors(all[k], x);                                                    \
                nan |= x != x;                                                                     \
            }                                                                                      \
        }                                                                                          \
        for (; i + VF_WIDTH <= n; i += VF_WIDTH) {                                                 \
            vf x = vf_load(src + i);                                                               \
            all[0] = of_vectors(all[0], x);                                                        \
            nan |= x != x;                                                                         \
        }                                                                                          \
        if (vi_any(nan)) {                                                                         \
            *extreme = NAN;                                                                        \
            return;                                                                                \
        }                                                                                          \
        all[0] = of_vectors(of_vectors(all[0], all[1]), of_vectors(all[2], all[3]));               \
        all[0] = of_vectors(all[0], VF_APART_8(all[0]));                                           \
        all[0] = of_vectors(all[0], VF_APART_4(all[0]));                                           \
        all[0] = of_vectors(all[0], VF_APART_2(all[0]));                                           \
        all[0] = of_vectors(all[0], VF_APART_1(all[0]));                                           \
        best = all[0][0] == 0.0f ? zero_of(best, src, i, zero) : all[0][0];                        \
        for (; i < n; i++) {                                                                       \
            best = of_two(best, src[i]);                                                           \
        }                                                                                          \
        *extreme = best;                                                                           \
    }

EXTREME(largest, vf_max, larger, 0)
EXTREME(smallest, vf_min, smaller, 0x80000000u)

/* Of up to JANE_SUMS floats, as sum and sum_total come to. */
static double short_sum(const float *src, int64_t n) {
    float all[JANE_SUMS] = {0};
    memcpy(all, src, (size_t)n * sizeof(float));
    return sum_pairs(widen(all), widen(all + 4), widen(all + 8), widen(all + 12));
}

void JANE_NAME(of_line)(int64_t kind, const float *src, int64_t n, double *result) {
    float extreme = kind == JANE_MAX ? -INFINITY : INFINITY;
    double sums[JANE_SUMS] = {0};
    if (kind == JANE_MAX) {
        JANE_NAME(largest)(&extreme, src, n);
    } else if (kind == JANE_MIN) {
        JANE_NAME(smallest)(&extreme, src, n);
    } else if (n > JANE_SUMS) {
        JANE_NAME(sum)(sums, src, n);
    }
    *result = kind != JANE_SUM ? (double)extreme
              : n > JANE_SUMS ? sum_total(sums)
                              : short_sum(src, n);
}

/* Results so far are floats, held as doubles. */
static inline double extreme_of(int64_t kind, double a, double b) {
    return kind == JANE_MAX ? larger((float)a, (float)b) : smaller((float)a, (float)b);
}

static double start_of(int64_t kind) {
    return kind == JANE_SUM ? 0.0 : kind == JANE_MAX ? -INFINITY : INFINITY;
}

/* n elements of x from flat on: where they lie, or copied to room. */
static const float *elements(const struct jane_reduce *r, const void *x, int64_t flat, int64_t n,
                             float *room) {
    const struct jane_view *v = &r->x;
    if (v->dtype == JANE_FP32 && v->step == 1) {
        if (v->outer == 0) {
            return (const float *)x + flat;
        }
        struct jane_walk w = jane_walk_from(v, flat);
        if (w.column + n <= v->inner) {
            return (const float *)x + w.at + w.column;
        }
    }
    JANE_NAME(tile_load)(v, x, flat, n, room);
    return room;
}

/* Result k from elements from to to - 1 of its row. */
static double row(const struct jane_reduce *r, const void *x, int64_t k, int64_t from, int64_t to,
                  float *room) {
    if (r->kind == JANE_SUM && to - from <= JANE_SUMS) {
        return short_sum(elements(r, x, k * r->reduced + from, to - from, room), to - from);
    }
    double sums[JANE_SUMS] = {0};
    float extreme = (float)start_of(r->kind);
    for (int64_t i = from; i < to; i += JANE_TILE) {
        int64_t n = to - i < JANE_TILE ? to - i : JANE_TILE;
        const float *src = elements(r, x, k * r->reduced + i, n, room);
        if (r->kind == JANE_SUM) {
            JANE_NAME(sum)(sums, src, n);
        } else if (r->kind == JANE_MAX) {
            JANE_NAME(largest)(&extreme, src, n);
        } else {
            JANE_NAME(smallest)(&extreme, src, n);
        }
    }
    return r->kind == JANE_SUM ? sum_total(sums) : (double)extreme;
}

/* src[i] into results[i], n of them. */
static void add_row(int64_t kind, double *results, const float *src, int64_t n) {
    int64_t i = 0;
    if (kind != JANE_SUM) {
        for (; i < n; i++) {
            results[i] = extreme_of(kind, results[i], (double)src[i]);
        }
        return;
    }
    for (; i + AT_ONCE <= n; i += AT_ONCE) {
        doubles so_far;
        singles x;
        memcpy(&so_far, results + i, sizeof so_far);
        memcpy(&x, src + i, sizeof x);
        so_far += __builtin_convertvector(x, doubles);
        memcpy(results + i, &so_far, sizeof so_far);
    }
    for (; i < n; i++) {
        results[i] += (double)src[i];
    }
}

/* Results k0 to k1 - 1, at most JANE_TILE, from rows from to to - 1 that lie across them. */
static void columns(const struct jane_reduce *r, const void *x, double *results, int64_t k0,
                    int64_t k1, int64_t from, int64_t to, float *room) {
    int64_t width = k1 - k0;
    int64_t together = width == r->kept ? JANE_TILE / width : 1; /* rows read at once */
    for (int64_t i = from; i < to; i += together) {
        int64_t count = to - i < together ? to - i : together;
        const float *src = elements(r, x, i * r->kept + k0, count * width, room);
        for (int64_t k = 0; k < count; k++) {
            add_row(r->kind, results + k0, src + k * width, width);
        }
    }
}

void JANE_NAME(reduce_part)(const struct jane_reduce *r, const void *x, void *room,
                                double *partials, int64_t chunk, int64_t k0, int64_t k1) {
    int64_t from = chunk * r->chunk;
    int64_t to = from + r->chunk < r->reduced ? from + r->chunk : r->reduced;
    double *results = partials + chunk * r->kept;
    for (int64_t k = k0; k < k1; k++) {
        results[k] = r->along_rows ? row(r, x, k, from, to, (float *)room) : start_of(r->kind);
    }
    for (int64_t k = k0; k < k1 && !r->along_rows; k += JANE_TILE) {
        columns(r, x, results, k, k + JANE_TILE < k1 ? k + JANE_TILE : k1, from, to, (float *)room);
    }
}

void JANE_NAME(reduce_finish)(const struct jane_reduce *r, double *partials, void *y,
                                  void *room) {
    for (int64_t from = r->chunk, at = r->kept; from < r->reduced; from += r->chunk) {
        for (int64_t k = 0; k < r->kept; k++, at++) {
            partials[k] = r->kind == JANE_SUM ? partials[k] + partials[at]
                                              : extreme_of(r->kind, partials[k], partials[at]);
        }
    }
    float *tile = (float *)room;
    for (int64_t k = 0; k < r->kept; k += JANE_TILE) {
        int64_t n = r->kept - k < JANE_TILE ? r->kept - k : JANE_TILE;
        for (int64_t i = 0; i < n; i++) {
            tile[i] = (float)(partials[k + i] / r->divisor);
        }
        JANE_NAME(tile_store)(&r->y, y, k, n, tile);
    }
}

void JANE_NAME(reduce_all)(const struct jane_reduce *r, const void *x, void *y, void *room,
                               double *partials) {
    int64_t chunk = 0;
    do { /* once even over nothing */
        JANE_NAME(reduce_part)(r, x, room, partials, chunk, 0, r->kept);
        chunk++;
    } while (chunk * r->chunk < r->reduced);
    JANE_NAME(reduce_finish)(r, partials, y, room);
}
