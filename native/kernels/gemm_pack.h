/* The shape of a tile of gemm.c, and operands as tiles read them. */
#ifndef JANE_GEMM_PACK_H
#define JANE_GEMM_PACK_H

#include "dispatch.h"
#include "half.h"
#include "shuffle.h"

/* A tile of C is up to ROWS by COLUMNS: as many accumulators as there are registers for. */
#if defined(JANE_LEVEL_avx512)
#define LANES 16
#define VECTORS 2
#define ROWS 14
#elif defined(JANE_LEVEL_avx2)
#define LANES 8
#define VECTORS 2
#define ROWS 6
#elif defined(JANE_LEVEL_neon)
#define LANES 4
#define VECTORS 3
#define ROWS 8
#else
#define LANES 4
#define VECTORS 2
#define ROWS 4
#endif
#define COLUMNS (LANES * VECTORS)

/* A packed block of B fits the second cache: the wider, the shorter K is. */
#define INNER JANE_GEMM_INNER
#define AHEAD 4 /* rows */
#define LINE 16 /* floats */
#define A_STEP (ROWS > 8 ? 16 : 8) /* floats from one step of K to the next in a packed tile of A */
#define A_ROOM (INNER * JANE_GEMM_LEFT)
#define ROW_STEP (INNER + 16) /* floats from one copied row of A to the next: no multiple of a page */

_Static_assert(ROWS <= A_STEP, "rows of a tile fit a step");
_Static_assert(INNER * A_STEP <= A_ROOM, "a tile of A fits its room");
_Static_assert(ROWS * ROW_STEP <= A_ROOM, "and so do copied rows");

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

typedef float lanes __attribute__((vector_size(4 * LANES)));

VF_INLINE lanes load(const float *p) {
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

VF_INLINE void store(float *p, lanes v) { memcpy(p, &v, sizeof v); }

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Where the i-th element of that type is. */
VF_INLINE void *at(const void *p, int64_t type, int64_t i) {
    return (char *)p + i * (type == JANE_FP16 ? 2 : 4);
}

/* Elements as floats. Callers know the type when they are compiled. */
VF_INLINE lanes load_as(int64_t type, const void *p) {
    if (type == JANE_FP16) {
        float floats[LANES];
        half_to_floats(p, floats, LANES);
        return load(floats);
    }
    return load(p);
}

VF_INLINE vf vf_load_as(int64_t type, const void *p) {
    if (type == JANE_FP16) {
        float floats[8];
        half_to_floats(p, floats, 8);
        return vf_load(floats);
    }
    return vf_load(p);
}

VF_INLINE float element(int64_t type, const void *p) {
    return type == JANE_FP16 ? half_widen(*(const uint16_t *)p) : *(const float *)p;
}

static void copy(int64_t type, const void *p, int64_t n, float *to) {
    if (type == JANE_FP16) {
        half_to_floats(p, to, n);
    } else {
        memcpy(to, p, (size_t)n * sizeof(float));
    }
}

/* Columns of B, width of them, tile by tile, one step of K after the other; zeros up to a whole tile.
 * Rows are read from end to end, and asked for before their turn: they may come from far away. */
VF_INLINE void pack_rows(int64_t type, const void *b, int64_t ldb, int64_t k, int64_t width,
                         float *to) {
    for (int64_t x = 0; x < k; x++, b = at(b, type, ldb), to += COLUMNS) {
        const void *ahead = at(b, type, least(AHEAD, k - 1 - x) * ldb);
        float *tile = to;
        int64_t j = 0;
        for (; j + COLUMNS <= width; j += COLUMNS, tile += COLUMNS * k) {
            UNROLL for (int v = 0; v < VECTORS; v++) {
                __builtin_prefetch(at(ahead, type, j + v * LANES));
                store(tile + v * LANES, load_as(type, at(b, type, j + v * LANES)));
            }
        }
        if (j < width) {
            memset(tile, 0, COLUMNS * sizeof(float));
            copy(type, at(b, type, j), width - j, tile);
        }
    }
}

/* One tile of a B that is stored by columns, ldb elements from one to the next. */
VF_INLINE void pack_columns(int64_t type, const void *b, int64_t ldb, int64_t k, int64_t width,
                            float *to) {
    int64_t j = 0;
    for (; j + 8 <= width; j += 8) {
        int64_t x = 0;
        int64_t ahead = j + 16 <= width ? 8 * ldb : 0;
        for (; x + 8 <= k; x += 8) {
            vf r[8];
            for (int i = 0; i < 8; i++) {
                __builtin_prefetch(at(b, type, (j + i) * ldb + x + ahead));
                r[i] = vf_load_as(type, at(b, type, (j + i) * ldb + x));
            }
            vf_transpose(r);
            for (int i = 0; i < 8; i++) {
                vf_store(to + (x + i) * COLUMNS + j, r[i]);
            }
        }
        for (; x < k; x++) {
            for (int i = 0; i < 8; i++) {
                to[x * COLUMNS + j + i] = element(type, at(b, type, (j + i) * ldb + x));
            }
        }
    }
    for (; j < COLUMNS; j++) {
        for (int64_t x = 0; x < k; x++) {
            to[x * COLUMNS + j] = j < width ? element(type, at(b, type, j * ldb + x)) : 0.0f;
        }
    }
}

/* Tiles first to last of count of an A that is stored by columns, each with its rows of A_STEP for
 * one step of K after the other. Many at once, so that lines that come from far away come once. */
VF_INLINE void pack_left(int64_t type, const struct jane_gemm *g, const void *a, int64_t k,
                         int64_t first, int64_t last, int64_t count, float *to) {
    int64_t begin = g->m * first / count / LINE * LINE;
    int64_t end = g->m * last / count;
    for (int64_t x = 0; x < k; x++, a = at(a, type, g->lda), to += A_STEP) {
        const void *ahead = at(a, type, least(AHEAD, k - 1 - x) * g->lda);
        for (int64_t i = begin; i < end; i += LINE) {
            __builtin_prefetch(at(ahead, type, i));
        }
        for (int64_t t = first; t < last; t++) {
            int64_t i = g->m * t / count;
            float *step = to + (t - first) * k * A_STEP;
            if (g->m - i >= A_STEP) { /* more than is wanted may be read, but not beyond the column */
                for (int v = 0; v < A_STEP; v += 8) {
                    vf_store(step + v, vf_load_as(type, at(a, type, i + v)));
                }
            } else {
                for (int64_t end_of_tile = g->m * (t + 1) / count, r = i; r < end_of_tile; r++) {
                    step[r - i] = element(type, at(a, type, r));
                }
            }
        }
    }
}

static void pack_tiles(const struct jane_gemm *g, const void *a, int64_t k, int64_t first,
                       int64_t last, int64_t count, float *to) {
    if (g->a_type == JANE_FP16) {
        pack_left(JANE_FP16, g, a, k, first, last, count, to);
    } else {
        pack_left(JANE_FP32, g, a, k, first, last, count, to);
    }
}

/* A block of B, packed. */
static void pack(const struct jane_gemm *g, const void *b, int64_t k, int64_t width, float *to) {
    int64_t type = g->b_type;
    if (!g->b_turned) {
        type == JANE_FP16 ? pack_rows(JANE_FP16, b, g->ldb, k, width, to)
                          : pack_rows(JANE_FP32, b, g->ldb, k, width, to);
        return;
    }
    for (int64_t j = 0; j < width; j += COLUMNS) {
        int64_t columns = least(COLUMNS, width - j);
        const void *from = at(b, type, j * g->ldb);
        type == JANE_FP16 ? pack_columns(JANE_FP16, from, g->ldb, k, columns, to + j * k)
                          : pack_columns(JANE_FP32, from, g->ldb, k, columns, to + j * k);
    }
}

#endif
